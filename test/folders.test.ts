import { execFileSync } from 'node:child_process';
import { accessSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cacheFolder } from '../src/platform/node.ts';
import { DataError, NoDataError, readDataSet, readSet } from '../src/prologue/sets.ts';
import { idx, madeFiles, madeGzips, madeSet, patched, sha256Of, temporaryFolder, writeFiles } from './made-files.ts';

vi.mock('node:fs', { spy: true });
vi.mock('node:fs/promises', { spy: true });
vi.mock('node:os', { spy: true });

let folder: string;
let remove: () => void;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  vi.stubEnv('PYTORCH_DATA_DIR', '');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  remove();
});

const pixels = Uint8Array.from({ length: 6 * 784 }, (_, i) => i % 10);

test.each(['made', 'made/Made/raw', '.'])('a set is found in %s, gzipped or not', async layout => {
  const place = join(folder, layout);
  for (const files of [madeGzips, madeFiles]) {
    writeFiles(place, files);
    const { train, test, source, downloaded } = await readDataSet(madeSet(), { dataDir: folder });
    expect(train).toEqual({ images: pixels, labels: Uint8Array.of(0, 1, 2, 3, 4, 5), count: 6, shape: [1, 28, 28] });
    expect(test).toEqual({
      images: pixels.subarray(0, 4 * 784),
      labels: Uint8Array.of(0, 1, 2, 3),
      count: 4,
      shape: [1, 28, 28],
    });
    expect(join(source)).toBe(place.replace(/\/\.$/, ''));
    expect(downloaded).toEqual([]);
    for (const name of Object.keys(files)) rmSync(join(place, name));
  }
});

describe.each(['made', 'made/Made/raw', '.'])('in %s', layout => {
  const dash = (name: string) => name;
  const dot = (name: string) => name.replace('-idx', '.idx');
  test.each([
    ['train-images.idx3-ubyte', dot],
    ['train-images-idx3-ubyte/train-images-idx3-ubyte', (name: string) => `${dash(name)}/${dash(name)}`],
    ['train-images-idx3-ubyte/train-images.idx3-ubyte', (name: string) => `${dash(name)}/${dot(name)}`],
    ['train-images.idx3-ubyte/train-images.idx3-ubyte', (name: string) => `${dot(name)}/${dot(name)}`],
    ['train-images.idx3-ubyte/train-images-idx3-ubyte', (name: string) => `${dot(name)}/${dash(name)}`],
  ])('%s is found, gzipped or not', async (_, pathOf) => {
    for (const [ending, packed] of [
      ['', (name: string) => madeFiles[name]!],
      ['.gz', (name: string) => madeGzips[`${name}.gz`]!],
    ] as const) {
      const place = join(folder, `x${ending}`, layout);
      for (const name of Object.keys(madeFiles)) {
        const path = join(place, `${pathOf(name)}${ending}`);
        writeFiles(dirname(path), { [basename(path)]: packed(name) });
      }
      const { train, unproved } = await readDataSet(madeSet(), { dataDir: join(folder, `x${ending}`) });
      expect(train.images).toEqual(pixels);
      expect(unproved).toEqual([]);
    }
  });
});

test('what is gzipped is told from the bytes, not from the name', async () => {
  const place = join(folder, 'made');
  writeFiles(place, madeGzips);
  writeFileSync(join(place, 't10k-labels-idx1-ubyte.gz'), madeFiles['t10k-labels-idx1-ubyte']!);
  rmSync(join(place, 'train-labels-idx1-ubyte.gz'));
  writeFileSync(join(place, 'train-labels-idx1-ubyte'), madeGzips['train-labels-idx1-ubyte.gz']!);
  expect((await readDataSet(madeSet(), { dataDir: folder })).train.count).toBe(6);
});

test('a file that was compressed anew is good: the checksum is that of its contents', async () => {
  writeFiles(join(folder, 'made'), madeGzips);
  writeFileSync(
    join(folder, 'made/train-images-idx3-ubyte.gz'),
    gzipSync(madeFiles['train-images-idx3-ubyte']!, { level: 1 }),
  );
  const notes: string[] = [];
  await readDataSet(madeSet(), { dataDir: folder, onNote: line => notes.push(line) });
  expect(notes).toEqual([]);
});

test('where only the checksum of the gzipped file is known, another packing is read with a note', async () => {
  const notes: string[] = [];
  const options = { dataDir: folder, onNote: (line: string) => notes.push(line) };
  const set = madeSet([], { sha256: false });
  writeFiles(join(folder, 'made'), madeGzips);
  expect((await readDataSet(set, options)).unproved).toEqual([]);
  expect(notes).toEqual([]);
  writeFileSync(join(folder, 'made/t10k-labels-idx1-ubyte.gz'), madeFiles['t10k-labels-idx1-ubyte']!);
  const { test, unproved } = await readDataSet(set, options);
  expect([test.count, unproved]).toEqual([4, ['t10k-labels-idx1-ubyte']]);
  expect(notes).toEqual([
    `The made set in ${folder}/made: no checksum is known for t10k-labels-idx1-ubyte as it lies there; its structure is right`,
  ]);
});

test('the folders are searched in order: $PYTORCH_DATA_DIR, ./data, the cache', async () => {
  const here = process.cwd();
  const options = { download: false };
  const places = ['torch/made', 'here/data/made', 'cache/longhand/made'].map(place => join(folder, place));
  vi.stubEnv('PYTORCH_DATA_DIR', join(folder, 'torch'));
  mkdirSync(join(folder, 'here'));
  try {
    process.chdir(join(folder, 'here'));
    for (const place of places) writeFiles(place, madeGzips);
    for (const place of places) {
      expect((await readDataSet(madeSet(), options)).source).toBe(place);
      rmSync(place, { recursive: true });
    }
    const failure = readDataSet(madeSet(), options);
    await expect(failure).rejects.toThrow(NoDataError);
    const [torch, data, cache] = [join(folder, 'torch'), join(folder, 'here/data'), join(folder, 'cache/longhand')];
    await expect(failure).rejects.toThrow(
      `The made set is not in ${torch}, ${data}, ${cache}, nor in their subfolders made, made/Made/raw, and was not to be ` +
        'downloaded. Put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, ' +
        `t10k-labels-idx1-ubyte.gz into ${cache}/made`,
    );
  } finally {
    process.chdir(here);
  }
});

describe.skipIf(process.platform === 'win32')('the cache is no folder below the one where somebody stands', () => {
  const lookingIn = async () => {
    const error = await readDataSet(madeSet(), { download: false }).catch(error => error);
    return /is not in (.*), nor/.exec(error.message)![1]!.split(', ');
  };

  test('where XDG_CACHE_HOME or HOME is relative', async () => {
    vi.stubEnv('XDG_CACHE_HOME', 'cache');
    vi.stubEnv('HOME', folder);
    const [, cache] = await lookingIn();
    expect(cache).toBe(join(folder, process.platform === 'darwin' ? 'Library/Caches/longhand' : '.cache/longhand'));
    vi.stubEnv('HOME', '');
    expect(await lookingIn()).toEqual([join(process.cwd(), 'data')]);
  });

  test('where HOME is not set and the system does not know the user', async () => {
    vi.stubEnv('XDG_CACHE_HOME', '');
    vi.mocked(homedir).mockImplementation(() => {
      throw new Error('uv_os_homedir returned ENOENT');
    });
    expect(await lookingIn()).toEqual([join(process.cwd(), 'data')]);
    vi.mocked(homedir).mockReset();
  });
});

test.each([
  ['', '""'],
  [null, 'null'],
  [7, '7'],
])('%j is no folder', async (dataDir, shown) => {
  const reading = readDataSet(madeSet(), { dataDir: dataDir as string });
  await expect(reading).rejects.toThrow(`dataDir is ${shown}; it wants a string, the path of a folder`);
});

test('with a folder given only that is searched, nothing is downloaded, and the error names it and what it lacks', async () => {
  vi.stubEnv('PYTORCH_DATA_DIR', folder);
  writeFiles(join(folder, 'made'), madeGzips);
  const given = join(folder, 'given');
  const read = () => readDataSet(madeSet(['http://127.0.0.1:9/']), { dataDir: given });
  await expect(read()).rejects.toThrow(NoDataError);
  await expect(read()).rejects.toThrow(`The made set is not in ${given}: there is no such folder. Put train-`);
  expect(existsSync(given)).toBe(false);
  writeFileSync(given, '');
  await expect(read()).rejects.toThrow(`The made set is not in ${given}: it is a file, not a folder. Put train-`);
  rmSync(given);
  mkdirSync(given);
  await expect(read()).rejects.toThrow(
    `is not in ${given}, nor in its subfolders made, made/Made/raw. Put train-images-idx3-ubyte.gz, train`,
  );
  await expect(read()).rejects.toThrow(`there; or \`longhand data made --data-dir ${given}\` downloads them there`);

  writeFiles(join(given, 'made'), madeGzips);
  rmSync(join(given, 'made/t10k-labels-idx1-ubyte.gz'));
  await expect(read()).rejects.toThrow(`(${given}/made lacks t10k-labels-idx1-ubyte)`);
});

/** Replaces one file of a good set by what `spoil` leaves there. */
async function readSpoilt(name: string, spoil: (path: string) => void, options = { sha256: true }): Promise<unknown> {
  const place = join(folder, 'made');
  writeFiles(place, madeGzips);
  rmSync(join(place, `${name}.gz`));
  spoil(join(place, name));
  return readDataSet(madeSet([], options), { dataDir: folder });
}

const write = (bytes: Uint8Array) => (path: string) => writeFileSync(path, bytes);
const images = madeFiles['train-images-idx3-ubyte']!;
const labels = madeFiles['train-labels-idx1-ubyte']!;
const damagedSum = sha256Of(patched(images, 100, 77));

const spoilt: [what: string, name: string, spoil: (path: string) => void, message: RegExp][] = [
  [
    'a wrong checksum',
    'train-images-idx3-ubyte',
    write(patched(images, 100, 77)),
    new RegExp(
      `made/train-images-idx3-ubyte: its SHA-256 is ${damagedSum}, where ${sha256Of(images)} was wanted. Move it away, and`,
    ),
  ],
  ['a folder', 'train-images-idx3-ubyte', path => mkdirSync(path), /train-images-idx3-ubyte: is a folder, not a file/],
  ['a device', 'train-images-idx3-ubyte', path => symlinkSync('/dev/zero', path), /ubyte: is a device, not a file/],
  ['a pipe', 'train-labels-idx1-ubyte', path => execFileSync('mkfifo', [path]), /ubyte: is a pipe, not a file/],
  [
    'a circle of links',
    'train-labels-idx1-ubyte',
    path => symlinkSync(path, path),
    /cannot be read: its symbolic links go round/,
  ],
  [
    'a file that is far too long',
    'train-labels-idx1-ubyte',
    write(new Uint8Array(6000)),
    /6000 bytes long, where at most/,
  ],
  [
    'the training labels gzipped in the place of the test labels',
    't10k-labels-idx1-ubyte',
    write(madeGzips['train-labels-idx1-ubyte.gz']!),
    /holds 6 labels, where 4 .*swapped/,
  ],
  ['an empty file', 'train-labels-idx1-ubyte', write(new Uint8Array()), /the file is empty/],
  [
    'a gzip file cut short',
    'train-images-idx3-ubyte',
    write(madeGzips['train-images-idx3-ubyte.gz']!.subarray(0, 50)),
    /cut short at 50/,
  ],
  [
    'images, far longer, in the place of labels',
    'train-labels-idx1-ubyte',
    write(images),
    /holds images .* where labels/,
  ],
  [
    'images, gzipped, in the place of labels',
    'train-labels-idx1-ubyte',
    write(madeGzips['train-images-idx3-ubyte.gz']!),
    /holds images .* where labels/,
  ],
  [
    'the test images',
    'train-images-idx3-ubyte',
    write(madeFiles['t10k-images-idx3-ubyte']!),
    /holds 4 images, where 6 .*swapped/,
  ],
  ['too few labels', 'train-labels-idx1-ubyte', write(idx([5])), /holds 5 labels, where 6/],
  ['a label 10', 'train-labels-idx1-ubyte', write(patched(labels, 8, 10)), /label 10 at index 0/],
];

describe('a set is rejected, and not passed over, in which there is', () => {
  const unix = process.platform !== 'win32';
  test.skipIf(!unix).each(spoilt)('%s', async (_, name, spoil, message) => {
    const failure = readSpoilt(name, spoil);
    await expect(failure).rejects.toThrow(DataError);
    await expect(failure).rejects.not.toThrow(NoDataError);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(`${folder}/made/${name}: `);
    const advice = `Move it away, and \`longhand data made --data-dir ${folder}\` fetches a good copy`;
    await expect(failure).rejects.toThrow(advice);
    await expect(failure).rejects.toThrow(/[^.?!][.?] Move it away/); // one sentence ends before the next begins
  });

  test('a structural fault, where no checksum is known', async () => {
    const failure = readSpoilt('train-labels-idx1-ubyte', write(patched(labels, 8, 10)), { sha256: false });
    await expect(failure).rejects.toThrow(/label 10 at index 0/);
  });
});

describe('where nothing that lies there is wrong, no file is to be moved away', () => {
  test('but permission is denied', async () => {
    // the system's answer is made up: root may read everything
    vi.mocked(stat).mockRejectedValueOnce(Object.assign(new Error(), { code: 'EACCES' }));
    const failure = readDataSet(madeSet(), { dataDir: folder });
    await expect(failure).rejects.toThrow(DataError);
    await expect(failure).rejects.toThrow(/made\/t\S+: cannot be read: permission denied$/);
  });
});

test('a home that may not be entered counts like none', async () => {
  vi.stubEnv('XDG_CACHE_HOME', '');
  vi.stubEnv('HOME', folder);
  expect(cacheFolder()).toContain(folder);
  vi.mocked(accessSync).mockImplementationOnce(() => {
    throw Object.assign(new Error(), { code: 'EACCES' });
  });
  expect(cacheFolder()).toBe(undefined);
  vi.stubEnv('HOME', join(folder, 'not yet there'));
  expect(cacheFolder()).toContain('not yet there');
});

test('a reading that was called off says so', async () => {
  await expect(readDataSet(madeSet(), { dataDir: folder, signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
});

const dataDir = process.env.PYTORCH_DATA_DIR;

describe.skipIf(!dataDir || !existsSync(join(dataDir, 'mnist')))('MNIST', () => {
  test('has the first labels that everybody knows', async () => {
    const { train, test } = await readSet('mnist', { dataDir });
    expect([train.count, test.count]).toEqual([60000, 10000]);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(train.images.length).toBe(60000 * 784);
  });

  test.each([
    ['train-images-idx3-ubyte', 't10k-images-idx3-ubyte', /holds 60000 images, where 10000 were wanted.*swapped/],
    ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', /holds images .*, where labels .* were wanted/],
  ])('says that %s stands for %s', async (from, to, message) => {
    for (const name of Object.keys(madeFiles))
      symlinkSync(join(dataDir!, 'mnist', `${name === to ? from : name}.gz`), join(folder, `${name}.gz`));
    await expect(readSet('mnist', { dataDir: folder })).rejects.toThrow(message);
  });

  test('is not taken for Fashion-MNIST, though the names and sizes are the same', async () => {
    const failure = readSet('fashion-mnist', { dataDir: join(dataDir!, 'mnist') });
    await expect(failure).rejects.toThrow(DataError);
    await expect(failure).rejects.toThrow(/is MNIST's .*, not .*\. Keep each set in a folder of its own/);
  });
});
