import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Draft, saveFile, sweep } from '../src/platform/durable/draft.ts';
import { type FileSystem, nodeFiles } from '../src/platform/durable/file-system.ts';
import { thisHost } from '../src/platform/durable/mark.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../src/run/checkpoint.ts';
import { RunError } from '../src/run/errors.ts';
import { RunLog } from '../src/run/log.ts';
import { RunFolder, readCheckpoint } from '../src/run/run.ts';
import { madeCheckpoint } from './checkpoints.ts';
import { killsDuringSaves } from './kills.ts';
import { temporaryFolder } from './made-files.ts';
import { MemoryDisk } from './memory-disk.ts';
import { oneIn, sharedTest, test } from './one-in.ts';

const OLD = new TextEncoder().encode('the old bytes');
const NEW = new TextEncoder().encode('those that are new');
const show = (bytes: Uint8Array | undefined) => (bytes === undefined ? 'nothing' : new TextDecoder().decode(bytes));

// ————— every call fails in turn —————

/** Node's files, of which the call number `at` fails, counted from 0. `log` is told of each call. */
function failing(at: number, code: string, log: string[] = []): FileSystem {
  const wrap = Object.entries(nodeFiles).map(([name, call]) => [
    name,
    (...args: unknown[]) => {
      log.push(name);
      if (log.length - 1 === at) throw Object.assign(new Error(`${code}: made up`), { code });
      return (call as (...args: unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(wrap) as FileSystem;
}

const CODES = oneIn(6, ['ENOSPC', 'EIO', 'EACCES', 'EROFS', 'EMFILE', 'EFBIG']);
const report = (step: number) => ({ step, trainLoss: 900.5, trainError: 90, testError: 89.5 });

sharedTest.each(CODES)('whatever call fails with %s, a checkpoint is there and no temporary file', async code => {
  const start = temporaryFolder();
  await begun(start.folder);
  let calls = Number.POSITIVE_INFINITY;
  for (let at = 0; at <= calls; at++) {
    const { folder, remove } = temporaryFolder();
    const log: string[] = [];
    cpSync(start.folder, folder, { recursive: true });

    // the same run goes on, with a disk that fails once, at any call that it makes
    const files = failing(at, code, log);
    let failed: unknown;
    try {
      const { run, checkpoint } = await RunFolder.resume(folder, files);
      try {
        await run.start(checkpoint);
        run.add(report(1));
        await run.save(madeCheckpoint({ step: 2 }));
      } finally {
        run.close();
      }
    } catch (error) {
      failed = error;
    }
    const what = `${log[at]}, call ${at}`;
    if (at >= log.length) calls = log.length; // none failed: there are no more
    if (failed !== undefined) expect(failed, what).toBeInstanceOf(RunError);
    const { step } = await readCheckpoint(folder);
    expect([1, 2], what).toContain(step);
    if (failed === undefined) expect(step, what).toBe(2);
    const left = readdirSync(folder).filter(name => name.endsWith('.tmp'));
    expect(left, what).toEqual([]);

    // and with the disk mended it can be taken up again, by whoever comes next
    const { run, checkpoint } = await RunFolder.resume(folder);
    await run.start(checkpoint);
    run.close();
    expect(
      readdirSync(folder).filter(name => name.startsWith('lock.')),
      what,
    ).toEqual([]);
    expect(readFileSync(join(folder, 'log.csv'), 'utf8').split('\n')).toHaveLength(step + 2);
    remove();
  }
  start.remove();
  expect(calls).toBeGreaterThan(20);
});

sharedTest.each(CODES)('whatever call fails with %s when a run begins, it can begin again or go on', async code => {
  let calls = Number.POSITIVE_INFINITY;
  for (let at = 0; at <= calls; at++) {
    const { folder, remove } = temporaryFolder();
    const place = join(folder, 'new/run');
    const log: string[] = [];
    const files = failing(at, code, log);
    const failed = await begun(place, files).catch(error => error);
    const what = `${log[at]}, call ${at}`;
    if (at >= log.length) calls = log.length; // none failed: there are no more
    if (failed !== undefined) expect(failed, what).toBeInstanceOf(RunError);
    if (existsSync(join(place, 'checkpoint.safetensors'))) (await RunFolder.resume(place)).run.close();
    else await begun(place);
    const { step } = await readCheckpoint(place);
    expect(failed === undefined ? [1] : [0, 1], what).toContain(step);
    remove();
  }
  expect(calls).toBeGreaterThan(20);
});

/** Begins a run and saves its first step. */
async function begun(folder: string, files: FileSystem = nodeFiles): Promise<void> {
  const run = await RunFolder.create(folder, files);
  try {
    await run.start(madeCheckpoint({ step: 0 }));
    run.add(report(0));
    await run.save(madeCheckpoint({ step: 1 }));
  } finally {
    run.close();
  }
}

test('folders made for a run that never began are taken away, and /proc ends the search for a place', async () => {
  const { folder, remove } = temporaryFolder();
  (await RunFolder.create(join(folder, 'a/b/c'))).close();
  expect(readdirSync(folder)).toEqual([]);
  if (process.platform === 'linux')
    await expect(RunFolder.create('/proc/longhand/run')).rejects.toThrow(
      '/proc/longhand: cannot be written: there is no such folder',
    );
  remove();
});

test('a write that finds room for a few bytes only goes on with the others', () => {
  const { folder, remove } = temporaryFolder();
  const few: FileSystem = {
    ...nodeFiles,
    write: (file, bytes, offset) => nodeFiles.write(file, bytes.subarray(0, offset + 3), offset),
  };
  saveFile(
    join(folder, 'x'),
    Uint8Array.from({ length: 100 }, (_, i) => i),
    few,
  );
  expect([...readFileSync(join(folder, 'x'))]).toEqual(Array.from({ length: 100 }, (_, i) => i));
  remove();
});

test('drafts of the dead are swept, of other machines after a day, and nothing else', () => {
  const { folder, remove } = temporaryFolder();
  const draft = (name: string, owner: string) => `${name}.${owner}.0123456789abcdef.tmp`;
  const [dead, foreign] = [`999999999@${thisHost}`, `1@not-${thisHost}`];
  const mine = new Draft(join(folder, 'x'));
  const kept = ['x', 'x.tmp', 'x.0123456789abcdef.tmp', draft('y', dead), `${draft('x', dead)}.old`];
  const alive = [draft('x', `${process.ppid}@${thisHost}`), draft('x', `${process.pid}.7@${thisHost}`)];
  const swept = [draft('x', dead), draft('units.png', dead), draft('x', `${process.pid}@${thisHost}`)];
  const old = draft('x', foreign);
  for (const name of [...kept, ...alive, ...swept, old, draft('units.png', foreign)])
    writeFileSync(join(folder, name), '');
  const longAgo = Date.now() / 1000 - 25 * 3600;
  utimesSync(join(folder, old), longAgo, longAgo);
  const before = readdirSync(folder);
  sweep(folder, ['x', 'units.png']);
  expect(before.filter(name => !existsSync(join(folder, name))).sort()).toEqual([...swept, old].sort());
  mine.discard();
  expect(readdirSync(folder).sort()).toEqual([...kept, ...alive, draft('units.png', foreign)].sort());
  remove();
});

// ————— a file that another program holds for a moment —————

/** Node's files, with a rename that fails so many times before it is done. */
function heldBy(code: string, times: number): { files: FileSystem; tried: () => number } {
  let tried = 0;
  const rename = (from: string, to: string) => {
    if (tried++ < times) throw Object.assign(new Error(code), { code });
    nodeFiles.rename(from, to);
  };
  return { files: { ...nodeFiles, rename }, tried: () => tried };
}

test.each(['EPERM', 'EACCES', 'EBUSY'])('a rename that fails twice with %s is tried again', code => {
  const { folder, remove } = temporaryFolder();
  const { files, tried } = heldBy(code, 2);
  saveFile(join(folder, 'x'), NEW, files);
  expect(tried()).toBe(3);
  expect(readdirSync(folder)).toEqual(['x']);
  expect(show(readFileSync(join(folder, 'x')))).toBe(show(NEW));
  remove();
});

test('one that is held for good is given up, and one that fails otherwise at once; the old file stays', () => {
  const { folder, remove } = temporaryFolder();
  saveFile(join(folder, 'x'), OLD);
  for (const [code, reason] of [
    ['EBUSY', 'another program holds it'],
    ['EROFS', 'the file system is read-only'],
  ] as const) {
    const { files, tried } = heldBy(code, Number.POSITIVE_INFINITY);
    expect(() => saveFile(join(folder, 'x'), NEW, files)).toThrow(`${folder}/x: cannot be written: ${reason}`);
    if (code === 'EROFS') expect(tried()).toBe(1);
    else expect(tried()).toBeGreaterThan(10);
    expect(readdirSync(folder)).toEqual(['x']);
    expect(show(readFileSync(join(folder, 'x')))).toBe(show(OLD));
  }
  remove();
});

// ————— a disk that forgets —————

type Writer = (path: string, bytes: Uint8Array, disk: MemoryDisk) => void;

/** What may be found after a crash at any moment of a save, and after one when the save has returned. */
function crashes(save: Writer): { during: Set<string>; afterwards: Set<string> } {
  const disk = new MemoryDisk();
  saveFile('/run/checkpoint', OLD, disk);
  const during = new Set<string>();
  disk.onCall = () => {
    for (const find of disk.afterCrash()) during.add(show(find('checkpoint')));
  };
  save('/run/checkpoint', NEW, disk);
  const afterwards = new Set([...disk.afterCrash()].map(find => show(find('checkpoint'))));
  expect(show(disk.read('checkpoint'))).toBe(show(NEW));
  return { during, afterwards };
}

test('on a disk that loses and reorders what it was not forced to keep, old or new is found and nothing else', () => {
  const { during, afterwards } = crashes(saveFile);
  expect([...during].sort()).toEqual([show(OLD), show(NEW)]);
  expect([...afterwards]).toEqual([show(NEW)]);
});

test('what saves with less care fails there', () => {
  const inPlace: Writer = (path, bytes, disk) => {
    const file = disk.open(path, 'w');
    for (let done = 0; done < bytes.length; ) done += disk.write(file, bytes, done);
    disk.sync(file);
    disk.close(file);
  };
  /** The same save, without one kind of its syncs. */
  const without =
    (kind: 'file' | 'folder'): Writer =>
    (path, bytes, disk) => {
      const folders = new Set<number>();
      const careless: FileSystem = {
        ...bound(disk),
        open: (path, flags) => {
          const file = disk.open(path, flags);
          if (path === '/run') folders.add(file);
          return file;
        },
        sync: file => {
          if (folders.has(file) !== (kind === 'folder')) disk.sync(file);
        },
      };
      saveFile(path, bytes, careless);
    };
  expect(crashes(inPlace).during).toContain('');
  expect([...crashes(without('file')).during].some(found => found !== show(OLD) && found !== show(NEW))).toBe(true);
  expect(crashes(without('folder')).afterwards).toContain(show(OLD));
});

function bound(disk: MemoryDisk): FileSystem {
  return {
    mkdir: () => disk.mkdir(),
    readdir: () => disk.readdir(),
    open: (path, flags) => disk.open(path, flags),
    write: (file, bytes, offset) => disk.write(file, bytes, offset),
    truncate: (file, length) => disk.truncate(file, length),
    sync: file => disk.sync(file),
    close: file => disk.close(file),
    rename: (from, to) => disk.rename(from, to),
    unlink: path => disk.unlink(path),
    rmdir: () => disk.rmdir(),
    modified: () => disk.modified(),
  };
}

test('no checkpoint is found there without the rows of the log that it counts on', () => {
  const disk = new MemoryDisk();
  saveFile('/run/checkpoint', new TextEncoder().encode('0'), disk);
  const found = new Set<string>();
  disk.onCall = () => {
    for (const find of disk.afterCrash()) found.add(`${show(find('checkpoint'))}: ${show(find('log.csv'))}`);
  };
  const log = new RunLog('/run/log.csv', undefined, 0, disk);
  log.add(report(0));
  log.sync();
  saveFile('/run/checkpoint', new TextEncoder().encode('1'), disk);
  const header = 'step,loss,training_error,test_error\n';
  const [atStart, later] = [true, false].map(first => [...found].filter(state => state.startsWith('0') === first));
  expect(later).toEqual([`1: ${header}0,900.5,90,89.5\n`]);
  // before it there is no log, or one that can be gone on with
  expect(atStart!.filter(state => state !== '0: nothing' && !state.startsWith(`0: ${header}`))).toEqual([]);
});

// ————— kill -9 —————

test.skipIf(process.platform === 'win32')(
  'killed 4 times during saves, no file is broken and no step lost',
  async () => {
    const { broken, backwards, steps } = await killsDuringSaves('saveFile', 4, 1);
    expect({ broken, backwards }).toEqual({ broken: 0, backwards: 0 });
    expect(steps).toBeGreaterThanOrEqual(4); // each of the killed had saved, however slow the machine
  },
);

// ————— places that are no folders —————

test('what cannot be the folder of a run is refused in a line', async () => {
  const { folder, remove } = temporaryFolder();
  const at = (name: string) => join(folder, name);
  writeFileSync(at('file'), 'x');
  symlinkSync(at('loop'), at('loop'));
  mkdirSync(at('odd'));
  mkdirSync(join(at('odd'), 'checkpoint.safetensors'));
  await expect(RunFolder.create(at('file'))).rejects.toThrow('a file stands where a folder was wanted');
  await expect(RunFolder.create(join(at('file'), 'below'))).rejects.toThrow('a file stands where a folder was wanted');
  await expect(RunFolder.create(at('loop'))).rejects.toThrow(RunError);
  await expect(RunFolder.resume(at('loop'))).rejects.toThrow('its symbolic links go round in a circle');
  await expect(RunFolder.resume(at('none'))).rejects.toThrow('there is no such file');
  await expect(RunFolder.resume(at('odd'))).rejects.toThrow('is a folder, not a file');
  await expect(RunFolder.create(at('odd'))).rejects.toThrow('holds a run already');
  writeFileSync(at('log.csv'), 'my own');
  await expect(RunFolder.create(folder)).rejects.toThrow('holds a log.csv already');
  expect(readFileSync(at('log.csv'), 'utf8')).toBe('my own');
  remove();
});

test('a file far too long is refused by its first bytes', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'checkpoint.safetensors');
  writeFileSync(path, '');
  truncateSync(path, 3 * 2 ** 30); // takes no room on the disk
  await expect(readCheckpoint(folder)).rejects.toThrow('the header is not the JSON of a checkpoint');
  remove();
});

test('a folder that was saved to is decoded from its file too', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'checkpoint.safetensors');
  const bytes = await encodeCheckpoint(madeCheckpoint());
  saveFile(path, bytes);
  expect((await readCheckpoint(path)).step).toBe(40);
  expect((await readCheckpoint(folder)).step).toBe(40);
  const { run } = await RunFolder.resume(path);
  expect(run.folder).toBe(folder);
  run.close();
  expect((await decodeCheckpoint(readFileSync(path), path)).step).toBe(40);
  remove();
});
