import { join } from 'node:path';
import type { WorkerOptions } from 'node:worker_threads';
import { afterAll, expect, vi } from 'vitest';
import { drawnTogether } from '../src/cli/drawing.ts';
import { mustFit } from '../src/cli/drawn-data.ts';
import { makeEngine } from '../src/engine/engines.ts';
import { rowsOf } from '../src/engine/rows.ts';
import { drawnDigits } from '../src/prologue/drawn/index.ts';
import { packedDigits } from '../src/prologue/drawn/packed.ts';
import { blocksOf, PackedSet } from '../src/prologue/drawn/packed-set.ts';
import { largeData } from '../src/prologue/large-data.ts';
import { drawnSet, type OneHotData, preparedData } from '../src/prologue/load-data.ts';
import { dataDigest } from '../src/run/data-digest.ts';
import { defaults } from '../src/settings/table.ts';
import { prepareTraining } from '../src/story.ts';
import { temporaryFolder } from './made-files.ts';
import { longTest, test } from './one-in.ts';
import { outcomesOf } from './outcomes.ts';
import { command, longhand } from './resumes.ts';
import { hasTerminals, Terminal } from './terminal.ts';

// `--samples N`: drawn digits in any number. Where they are too many for tensors they stay packed, and nothing else may
// come of them than of tensors.

const { folder, remove } = temporaryFolder();
afterAll(remove);

/** Neither is a whole number of blocks, and the shards of either cut blocks in two. */
const COUNTS = { train: 2345, test: 1111 };

const packedSet = (set: 'train' | 'test', count: number): PackedSet =>
  new PackedSet(blocksOf(count).map(({ first, end }) => packedDigits(set, first, end)));
const [trainSet, testSet] = [packedSet('train', COUNTS.train), packedSet('test', COUNTS.test)];
const large = largeData(trainSet, testSet);
const inTensors = (() => {
  const { train, test, source } = drawnSet(COUNTS);
  const given = { dataset: 'drawn', source, trainSet: train, testSet: test };
  return preparedData(given, { normalize: true, flatten: true, oneHotLabels: true }) as OneHotData;
})();

const isSame = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (x: number, i) => Object.is(x, b[i]));

test('packed digits are the numbers that tensors have of them, whichever rows are asked for', () => {
  const { mean, std, normalisation, testInput, testTarget, inputShape, dataset } = inTensors;
  expect(large).toMatchObject({ mean, std, normalisation, inputShape, dataset });
  expect(large.testInput.equal(testInput)).toBe(true);
  expect(large.testTarget.equal(testTarget)).toBe(true);
  for (const name of ['trainInput', 'trainTarget'] as const) {
    const tensor = inTensors[name];
    expect(large[name].shape).toEqual(tensor.shape);
    for (const [first, end] of [
      [0, 5],
      [990, 1010],
      [2000, 2345],
      [7, 7],
      [0, 2345],
    ] as const) {
      const rows = tensor.narrow(0, first, end - first).contiguous();
      expect(isSame(large[name].rows(first, end), rows.elements()), `${name} ${first} … ${end}`).toBe(true);
    }
  }
});

test('background and what differs from it come from counts, and are those of the numbers themselves', () => {
  const counted = rowsOf(inTensors.trainInput);
  const background = counted.background()!;
  expect(large.trainInput.background()).toEqual(background);
  for (const value of [background.value, large.trainInput.rows(0, 1)[300]!, 17])
    expect(large.trainInput.others(value)).toBe(counted.others(value));
});

test('a set without much of any value has no background', () => {
  const block = { ...packedDigits('train', 0, 1), inked: new Uint8Array(98).fill(255) };
  const ink = Uint8Array.from({ length: 784 }, (_, i) => 1 + (i % 4));
  const set = new PackedSet([{ ...block, ink, starts: Uint32Array.of(0, 784) }]);
  expect(set.pixels.slice(0, 5)).toEqual(Float64Array.of(0, 196, 196, 196, 196));
  expect(set.inputs(new Float32Array(256)).background()).toBeUndefined();
});

test.each(['01', 'pm1'] as const)('the kernels come to the same bits from either, with targets %s', async targets => {
  const settings = { ...defaults, dataset: 'drawn', targets, hidden: 13 } as const;
  const results = [];
  for (const data of [inTensors, large]) {
    const { engine } = await prepareTraining(settings, data, { threads: data === large ? 2 : 1 });
    const steps = [];
    for (let step = 0; step < 4; step++) steps.push(await engine.step(0.2 / COUNTS.train));
    const { w1, b1, w2, b2 } = await engine.parameters();
    results.push([steps, await engine.testErrors(), ...[w1, b1, w2, b2].map(tensor => [...tensor.elements()])]);
    await engine.dispose();
  }
  expect(results[1]).toEqual(results[0]);
});

test('the reference engine, which takes tensors, refuses them', async () => {
  const problem = { ...large, errorBelow: 0.5 };
  await expect(makeEngine('sample', problem, {} as never)).rejects.toThrow('2345 samples are too many for tensors');
});

test('a single pixel that is drawn otherwise is told by the digest', async () => {
  const changed = packedDigits('train', 0, 1000);
  changed.ink[77]! ^= 1;
  const others = new PackedSet([changed, packedDigits('train', 1000, 2000), packedDigits('train', 2000, 2345)]);
  const digest = await dataDigest(large);
  expect(await dataDigest(largeData(packedSet('train', COUNTS.train), testSet))).toBe(digest);
  expect(await dataDigest(largeData(others, testSet))).not.toBe(digest);
  expect(await dataDigest(largeData(testSet, trainSet))).not.toBe(digest);
});

const alone = drawnDigits({ count: 5500 });
/** What becomes of the threads that help: they are as they are, or others in their place. */
const threads = vi.hoisted(() => ({ instead: undefined as URL | undefined, started: 0 }));
vi.mock('node:worker_threads', async original => {
  const real = await original<typeof import('node:worker_threads')>();
  class Worker extends real.Worker {
    constructor(file: string | URL, options?: WorkerOptions) {
      const isOurs = String(file).endsWith('drawing-thread.js');
      if (isOurs) threads.started++;
      super(isOurs ? (threads.instead ?? file) : file, options);
    }
  }
  return { ...real, Worker };
});
const endsAtOnce = new URL(
  'data:text/javascript,import{parentPort as p}from"node:worker_threads";p.once("message",()=>process.exit(1))',
);

test.each([
  ['threads that help', undefined],
  ['threads that do not start', new URL('file:///nowhere.js')],
  ['threads that end', endsAtOnce],
])('drawn together with %s they are the same', async (_, instead) => {
  Object.assign(threads, { instead, started: 0 });
  const told: number[] = [];
  const wishes = { threads: 3, signal: new AbortController().signal, told: (drawn: number) => told.push(drawn) };
  const together = await drawnTogether('train', 5500, wishes);
  expect(together.count).toBe(5500);
  const { images, labels } = together.unpacked();
  expect(isSame(images, alone.images)).toBe(true);
  expect(isSame(labels, alone.labels)).toBe(true);
  expect(threads.started).toBe(1);
  expect(told).toHaveLength(6);
  expect(told.at(-1)).toBe(5500);
});

test('who does not want them any more does not wait for them', async () => {
  const stop = new AbortController();
  let drawn = 0;
  const endless = drawnTogether('train', 2 ** 22, {
    ...{ threads: 1, signal: stop.signal },
    told(count) {
      drawn = count;
      if (count >= 2000) stop.abort(new Error('enough'));
    },
  });
  await expect(endless).rejects.toThrow('enough');
  expect(drawn).toBe(2000);
});

test.each([5, 50, 500])('with %i hidden units, the number that fits is named, and fits', hidden => {
  const wish = (size: number) => () =>
    mustFit({ ...defaults, dataset: 'drawn', size, hidden }, { operation: 'train', by: 'wasm', threads: 8 });
  expect(wish(2 ** 32)).toThrow(
    /^train: 4,294,967,296 samples and \d+ hidden units want [\d,]+ MB, more than the 4,294 MB that one process's kernels reach\. [\d,]+ samples fit; of more, several ranks \(mpirun\) hold a part each$/,
  );
  let message = '';
  try {
    wish(2 ** 32)();
  } catch (error) {
    message = (error as Error).message;
  }
  const fit = Number(/([\d,]+) samples fit/.exec(message)![1]!.replaceAll(',', ''));
  expect(fit).toBeGreaterThan(hidden === 500 ? 700_000 : 1_000_000);
  expect(wish(fit)).not.toThrow();
  expect(wish(fit + 1000)).toThrow(`${fit.toLocaleString('en-US')} samples fit`);
});

test('60,000 fit every engine, more only the kernels', () => {
  const wish = (size: number, by: 'sample' | 'practice' | 'wasm') => () =>
    mustFit({ ...defaults, dataset: 'drawn', size }, { operation: 'train', by });
  for (const by of ['sample', 'practice'] as const) expect(wish(60_000, by)).not.toThrow();
  expect(wish(60_001, 'wasm')).not.toThrow();
  expect(wish(60_001, 'sample')).toThrow(
    'train: --engine sample takes 60,000 samples at the most, and --samples is 60001; take fewer',
  );
  expect(wish(60_001, 'practice')).toThrow('train: --practice takes 60,000 samples at the most');
});

test.skipIf(!hasTerminals)('a terminal shows how far drawing is, and Ctrl-C ends it at once', async () => {
  const settings = ['--dataset', 'drawn', '--samples', '1000000'];
  const terminal = new Terminal([process.execPath, command, 'train', ...settings], { cwd: folder });
  while (!/drawing [\d,]+ of 1,010,000 digits/.test(terminal.output)) await new Promise(done => setTimeout(done, 10));
  terminal.press('\x03');
  expect((await terminal.end()).code).toBe(130);
  expect(terminal.output).toContain('train: stopped by Ctrl-C while the data were read, before the first step');
  const shown = [...terminal.output.matchAll(/drawing ([\d,]+) of/g)].map(([, count]) =>
    Number(count!.replaceAll(',', '')),
  );
  expect(shown.at(-1)).toBeLessThan(500_000);
});

longTest('as many digits as are drawn anyway train as they do anyway', () => {
  const settings = ['train', '--dataset', 'drawn', '--hidden', '5', '--steps', '3'];
  const [plain, asked] = [longhand(...settings), longhand(...settings, '--samples', '1000')];
  expect(asked.status).toBe(0);
  const log = (stdout: string) => stdout.split('\n').filter(line => !line.startsWith('** Reduce'));
  expect(log(asked.stdout)).toEqual(log(plain.stdout));
});

test('a run repeats its number of samples', () => {
  const run = join(folder, 'run');
  const settings = ['--dataset', 'drawn', '--samples', '1234', '--hidden', '5'];
  expect(longhand('train', ...settings, '--steps', '2', '--out', run).status).toBe(0);
  const { stdout, status } = longhand('train', '--resume', run, '--steps', '3');
  expect([status, stdout]).toEqual([0, expect.stringContaining('** Use 1234 train and 1234 test samples\n2 acc_')]);
  expect(longhand('train', '--resume', run, '--samples', '1235').stderr).toBe(
    `longhand: train: the run in ${run} was made with --samples 1234, not with --samples 1235. ` +
      'Leave that out to go on with it, or start another run with --out\n',
  );
  expect(longhand('train', '--resume', run, '--full').stderr).toContain('made with --samples 1234, not with --full');
});

longTest('a log of any number of drawn digits is compared with a training on as many', () => {
  const run = join(folder, 'compared');
  const settings = ['--dataset', 'drawn', '--hidden', '5', '--samples', '321'];
  const { stdout: log } = longhand('train', ...settings, '--steps', '3', '--out', run);
  expect(log).toContain('** Use 321 train and 321 test samples');
  const { stdout, stderr } = longhand('compare', join(run, 'log.csv'), ...settings);
  expect(stderr + stdout).toContain('equal');
});

test('what is no number of samples is refused', () => {
  const cases: [asked: string, says: string][] = [
    ['--samples 5000', 'error: --samples is a number of digits to draw; give --dataset drawn too, or leave it out'],
    ['--samples 5000 --dataset mnist', 'error: --samples is a number of digits to draw'],
    ['--samples 5000 --full --dataset drawn', "option '--samples <n>' cannot be used with option '--full'"],
    ['--samples full --dataset drawn', 'It wants a whole number, from 1 to 4294967296.'],
    ['--samples 0 --dataset drawn', 'It wants a whole number, from 1 to 4294967296.'],
  ];
  const outcomes = outcomesOf(cases.map(([asked]) => ['train', ...asked.split(' ')]));
  for (const [i, [, says]] of cases.entries())
    expect(outcomes[i]).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
});

test('one digit is enough', () => {
  const { status, stdout } = longhand('train', '--dataset', 'drawn', '--samples', '1', '--steps', '1');
  expect([status, stdout]).toEqual([0, expect.stringContaining('** Use 1 train and 1 test samples\n0 acc_')]);
});
