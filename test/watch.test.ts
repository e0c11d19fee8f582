import { copyFileSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { watchFiles } from '../src/practice/node/watch.ts';
import { temporaryFolder } from './made-files.ts';

// Whatever way a file is saved, it is seen, and the fifth time as well as the first.

const blind = vi.hoisted(() => ({ isBlind: false }));
vi.mock('node:fs', async original => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    watch: (...args: Parameters<typeof fs.watch>) => {
      if (blind.isBlind) throw new Error('this file system cannot be watched');
      return fs.watch(...args);
    },
  };
});

let stop = () => {};
let temporary: ReturnType<typeof temporaryFolder>;
afterEach(() => {
  stop();
  temporary.remove();
  blind.isBlind = false;
});

/** A folder in which a file is watched, and how often it was told of. */
function watched(names: readonly string[] = ['mine.ts']) {
  temporary = temporaryFolder();
  const folder = join(temporary.folder, 'a folder');
  mkdirSync(folder);
  const file = join(folder, 'mine.ts');
  writeFileSync(file, 'at first');
  const told: string[] = [];
  stop = watchFiles(
    folder,
    () => names,
    name => told.push(name),
  );
  return { folder, file, told };
}

const untilTold = (told: readonly string[], times: number) =>
  vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(times), { timeout: 30_000, interval: 5 });

const saves: Record<string, (file: string, text: string) => void> = {
  'in place': (file, text) => writeFileSync(file, text),
  'by another file that is renamed, as vim and Visual Studio Code may': (file, text) => {
    writeFileSync(`${file}.tmp`, text);
    renameSync(`${file}.tmp`, file);
  },
  'by mv from another folder': (file, text) => {
    const elsewhere = `${file}-elsewhere`;
    mkdirSync(elsewhere, { recursive: true });
    writeFileSync(join(elsewhere, 'new'), text);
    renameSync(join(elsewhere, 'new'), file);
  },
  'taken away and written anew': (file, text) => {
    rmSync(file);
    writeFileSync(file, text);
  },
  'with what was there kept as a backup': (file, text) => {
    renameSync(file, `${file}~`);
    writeFileSync(file, text);
  },
  'with a copy kept as a backup': (file, text) => {
    copyFileSync(file, `${file}~`);
    writeFileSync(file, text);
  },
};

describe('a save is seen five times', () => {
  test.each(Object.keys(saves))('%s', async kind => {
    const { file, told } = watched();
    for (let k = 1; k <= 5; k++) {
      const before = told.length;
      saves[kind]!(file, `save ${k}`);
      await untilTold(told, before + 1);
    }
    expect(new Set(told)).toEqual(new Set(['mine.ts']));
  });
});

test('where the file system tells nothing, the clock does', async () => {
  blind.isBlind = true;
  const { file, told } = watched();
  writeFileSync(file, 'a save that nobody tells of');
  await untilTold(told, 1);
});

test('the same length and a time set back are a save too', async () => {
  const { file, told } = watched();
  const { atime, mtime } = statSync(file);
  writeFileSync(file, 'at FIRST');
  utimesSync(file, atime, mtime);
  await untilTold(told, 1);
});

test('what is not asked for, and what did not change, is not told of', async () => {
  const { folder, file, told } = watched();
  writeFileSync(join(folder, 'another.ts'), 'of no interest');
  writeFileSync(join(folder, '.mine.ts.swp'), 'nor is this');
  writeFileSync(file, 'but this is');
  await untilTold(told, 1);
  expect(told).toEqual(['mine.ts']);
});

test('a file that is gone is told of, and its return as well', async () => {
  const { file, told } = watched();
  rmSync(file);
  await untilTold(told, 1);
  writeFileSync(file, 'back again');
  await untilTold(told, 2);
});

test('a file that is asked for later on is told of, and from then on as any other', async () => {
  const names = ['mine.ts'];
  const { folder, file, told } = watched(names);
  writeFileSync(join(folder, 'more.ts'), 'imported now');
  names.push('more.ts');
  writeFileSync(file, 'which imports more.ts');
  await untilTold(told, 2);
  expect(told.sort()).toEqual(['mine.ts', 'more.ts']);
  writeFileSync(join(folder, 'more.ts'), 'and changed');
  await untilTold(told, 3);
});

test('a folder that was replaced is watched on', async () => {
  const { folder, file, told } = watched();
  renameSync(folder, `${folder} before`);
  mkdirSync(folder);
  writeFileSync(file, 'in the new folder');
  await untilTold(told, 1);
  writeFileSync(file, 'and once more');
  await untilTold(told, 2);
});
