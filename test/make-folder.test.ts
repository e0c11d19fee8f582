import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeFolder } from '../src/platform/files.ts';
import { temporaryFolder } from './made-files.ts';

vi.mock('node:fs/promises', { spy: true });

test('a folder and those above it are made, and those are named that were not there', async () => {
  const { folder, remove } = temporaryFolder();
  const [a, b, c] = [join(folder, 'a'), join(folder, 'a/b'), join(folder, 'a/b/c')];
  expect(await makeFolder(a)).toEqual([a]);
  expect(await makeFolder(c)).toEqual([c, b]);
  expect(await makeFolder(c)).toEqual([]);
  remove();
});

test.skipIf(process.platform !== 'linux')('nor is one looked for without end where none can be made', async () => {
  await expect(makeFolder('/proc/longhand')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a read-only file system is not taken for a missing folder', async () => {
  const { folder, remove } = temporaryFolder();
  const { mkdir } = await vi.importActual<typeof fs>('node:fs/promises');
  vi.mocked(fs.mkdir).mockImplementation((path, options) =>
    path === join(folder, 'a')
      ? Promise.reject(Object.assign(new Error(), { code: 'EROFS' }))
      : mkdir(path, options as { recursive: true }),
  );
  await expect(makeFolder(join(folder, 'a/b/c'))).rejects.toMatchObject({ code: 'EROFS' });
  remove();
});
