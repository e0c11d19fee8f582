import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeFiles } from '../src/platform/durable/file-system.ts';
import { makeFolder } from '../src/platform/durable/folders.ts';
import { FileError } from '../src/platform/file-error.ts';
import { temporaryFolder } from './made-files.ts';

test('a folder and those above it are made, and those are named that were not there', () => {
  const { folder, remove } = temporaryFolder();
  const [a, b, c] = [join(folder, 'a'), join(folder, 'a/b'), join(folder, 'a/b/c')];
  expect(makeFolder(a)).toEqual([a]);
  expect(makeFolder(c)).toEqual([c, b]);
  expect(makeFolder(c)).toEqual([]);
  remove();
});

test.skipIf(process.platform !== 'linux')(
  'where no folder can be made, the search for one above it comes to an end',
  () => {
    expect(() => makeFolder('/proc/longhand')).toThrow('/proc/longhand: cannot be written: there is no such folder');
  },
);

test('a read-only file system is not taken for a missing folder', () => {
  const { folder, remove } = temporaryFolder();
  const mkdir = () => {
    throw Object.assign(new Error(), { code: 'EROFS' });
  };
  const make = () => makeFolder(join(folder, 'a/b/c'), { ...nodeFiles, mkdir });
  expect(make).toThrow(FileError);
  expect(make).toThrow(`${folder}/a: cannot be written: the file system is read-only`);
  remove();
});
