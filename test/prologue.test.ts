import { beforeAll, describe, expect, test } from 'vitest';
import {
  generatePairSets,
  type LoadOptions,
  loadData,
  manualSeed,
  mnistToPairs,
  randperm,
  type Tensor,
} from '../src/index.ts';
import { catalogue, idxPacking } from '../src/prologue/catalogue.ts';
import { cifarBatches } from '../src/prologue/cifar.ts';
import type { RawSet } from '../src/prologue/packing.ts';
import { dice } from './dice.ts';
import { idx, temporaryFolder, writeFiles } from './made-files.ts';
import { mnistIsHere, wantsMnist } from './mnist-here.ts';

// The practical's helper file, number by number, on sets of noise in the place of MNIST and CIFAR-10 that are a little
// larger than what it uses of them.

const real = { ...catalogue };
const below = dice(11);
const noise = (count: number, ...shape: [number, number, number]): RawSet => ({
  images: Uint8Array.from({ length: count * shape[0] * shape[1] * shape[2] }, () => below(256)),
  labels: Uint8Array.from({ length: count }, () => below(10)),
  count,
  shape,
});
const mnist = { train: noise(1203, 1, 28, 28), test: noise(1102, 1, 28, 28) };
const cifar = { train: noise(1005, 3, 32, 32), test: noise(201, 3, 32, 32) };

const { folder: dataDir, remove } = temporaryFolder();
beforeAll(() => {
  writeFiles(`${dataDir}/mnist`, {
    'train-images-idx3-ubyte': idx([1203, 28, 28], { values: mnist.train.images }),
    'train-labels-idx1-ubyte': idx([1203], { values: mnist.train.labels }),
    't10k-images-idx3-ubyte': idx([1102, 28, 28], { values: mnist.test.images }),
    't10k-labels-idx1-ubyte': idx([1102], { values: mnist.test.labels }),
  });
  const batch = ({ images, labels }: RawSet, from: number) =>
    Buffer.concat(
      Array.from({ length: 201 }, (_, i) => from + i).flatMap(i => [
        labels.subarray(i, i + 1),
        images.subarray(3072 * i, 3072 * (i + 1)),
      ]),
    );
  const batches = [0, 1, 2, 3, 4].map(n => [`data_batch_${n + 1}.bin`, batch(cifar.train, 201 * n)] as const);
  writeFiles(`${dataDir}/cifar10`, { ...Object.fromEntries(batches), 'test_batch.bin': batch(cifar.test, 0) });
  Object.assign(catalogue, {
    mnist: { ...real.mnist, packings: [idxPacking({ train: 1203, test: 1102 }, [28, 28], {})] },
    cifar10: { ...real.cifar10, packings: [cifarBatches(201)] },
  });
  return () => {
    Object.assign(catalogue, real);
    remove();
  };
});

const load = <const O extends LoadOptions>(options: O) =>
  loadData<O & { dataDir: string }>({ log: () => {}, dataDir, ...options });

const REDUCED = '** Reduce the data-set (use --full for the full thing)';
const TINY = '** Reduce the data-set to the tiny setup';

test.each([
  [{}, mnist, ['* Using MNIST', REDUCED, '** Use 1000 train and 1000 test samples']],
  [{ tiny: true }, mnist, ['* Using MNIST', TINY, '** Use 500 train and 100 test samples']],
  [{ full: true }, mnist, ['* Using MNIST', '** Use 1203 train and 1102 test samples']],
  [{ cifar: true }, cifar, ['* Using CIFAR', REDUCED, '** Use 1000 train and 201 test samples']],
  [{ cifar: true, tiny: true }, cifar, ['* Using CIFAR', TINY, '** Use 500 train and 100 test samples']],
])('%j: the first images, in their order, as they are', async (options, { train, test }, messages) => {
  const lines: string[] = [];
  const data = await load({ ...options, log: line => lines.push(line) });
  expect(lines).toEqual(messages);
  const [, trainCount, testCount] = /Use (\d+) train and (\d+) test/.exec(lines.at(-1)!)!;
  for (const [set, count, input, target] of [
    [train, Number(trainCount), data.trainInput, data.trainTarget],
    [test, Number(testCount), data.testInput, data.testTarget],
  ] as const) {
    const size = set.images.length / set.count;
    expect([input.shape, input.dtype, target.shape, target.dtype]).toEqual([
      [count, size],
      'float32',
      [count],
      'int64',
    ]);
    expect(Buffer.compare(Uint8Array.from(input.elements()), set.images.subarray(0, count * size))).toBe(0);
    expect([...target.elements()]).toEqual([...set.labels.subarray(0, count)]);
  }
});

test('not flattened: channels, rows, columns', async () => {
  expect((await load({ flatten: false })).testInput.shape).toEqual([1000, 1, 28, 28]);
  expect((await load({ flatten: false, cifar: true })).testInput.shape).toEqual([201, 3, 32, 32]);
});

/** The mean and the standard deviation over N − 1, the long way round. */
function meanAndStd(pixels: Uint8Array): { mean: number; std: number } {
  let sum = 0;
  for (const v of pixels) sum += v;
  const mean = sum / pixels.length;
  let squares = 0;
  for (const v of pixels) squares += (v - mean) ** 2;
  return { mean, std: Math.sqrt(squares / (pixels.length - 1)) };
}

test.each([
  [{}, 1000],
  [{ tiny: true }, 500],
])('%j: one mean and one unbiased deviation, of the training images in use, for both sets', async (options, count) => {
  const { mean, std } = meanAndStd(mnist.train.images.subarray(0, 784 * count));
  const data = await load({ ...options, normalize: true });
  // over N in place of N − 1 the deviation would be one part in a million smaller
  expect(Math.abs(data.mean / mean - 1)).toBeLessThan(1e-10);
  expect(Math.abs(data.std / std - 1)).toBeLessThan(1e-10);
  for (const [input, { images }] of [
    [data.trainInput, mnist.train],
    [data.testInput, mnist.test],
  ] as const) {
    let furthest = 0;
    for (const [i, x] of input.elements().entries())
      furthest = Math.max(furthest, Math.abs(x - (images[i]! - mean) / std));
    expect(furthest).toBeLessThan(1e-6);
  }
});

describe.skipIf(!mnistIsHere)(`MNIST itself${wantsMnist}`, () => {
  const MEASURED = [
    [{ tiny: true }, 32.176224, 77.222787],
    [{}, 32.700935, 77.810454],
    [{ full: true }, 33.318421, 78.567491],
  ] as const;

  test.each(MEASURED)('%j: mean and deviation are %d and %d', async (options, mean, std) => {
    const made = catalogue.mnist;
    Object.assign(catalogue, { mnist: real.mnist });
    const data = await loadData({ ...options, dataDir: process.env.PYTORCH_DATA_DIR!, log: () => {} });
    Object.assign(catalogue, { mnist: made });
    expect([data.mean.toFixed(6), data.std.toFixed(6)]).toEqual([mean.toFixed(6), std.toFixed(6)]);
    expect(data.trainTarget.narrow(0, 0, 10).tolist()).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(data.testTarget.narrow(0, 0, 10).tolist()).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  });
});

test('one-hot targets: 1 at the label and 0 elsewhere, as many columns as the largest label and one', async () => {
  const { trainTarget, testTarget } = await load({ oneHotLabels: true });
  for (const [target, { labels }] of [
    [trainTarget, mnist.train],
    [testTarget, mnist.test],
  ] as const) {
    expect([target.shape, target.dtype]).toEqual([[1000, 10], 'float32']);
    expect(target.tolist()).toEqual(
      Array.from({ length: 1000 }, (_, n) => Array.from({ length: 10 }, (_, c) => (c === labels[n] ? 1 : 0))),
    );
  }
});

/** The pairs that `order` begins with, the long way round. */
function pairsOf(nb: number, { images, labels }: RawSet, order: readonly number[]) {
  const halved = (image: number) => (row: number, column: number) => {
    const at = (i: number, j: number) => images[784 * image + 28 * (2 * row + i) + 2 * column + j]!;
    return (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4;
  };
  const input = order
    .slice(0, 2 * nb)
    .flatMap(image => Array.from({ length: 196 }, (_, p) => halved(image)(Math.floor(p / 14), p % 14)));
  const classes = Array.from({ length: nb }, (_, k) => [labels[order[2 * k]!]!, labels[order[2 * k + 1]!]!] as const);
  return { input, classes, target: classes.map(([a, b]) => (a <= b ? 1 : 0)) };
}

test('pairs: drawn from the whole of both sets by one stream, halved, and whether the first is at most the second', async () => {
  manualSeed(4);
  const orders = [randperm(1203).tolist(), randperm(1102).tolist()];
  manualSeed(4);
  const sets = await generatePairSets(60, { dataDir });
  const train = pairsOf(60, mnist.train, orders[0]!);
  const test = pairsOf(60, mnist.test, orders[1]!);
  expect(train.classes.some(([a, b]) => a === b)).toBe(true);
  expect([sets.trainInput.shape, sets.testInput.shape]).toEqual([
    [60, 2, 14, 14],
    [60, 2, 14, 14],
  ]);
  expect([...sets.trainInput.elements()]).toEqual(train.input);
  expect([...sets.testInput.elements()]).toEqual(test.input);
  expect(sets.trainClasses.tolist()).toEqual(train.classes);
  expect(sets.testClasses.tolist()).toEqual(test.classes);
  expect(sets.trainTarget.tolist()).toEqual(train.target);
  expect(sets.testTarget.tolist()).toEqual(test.target);
  expect([sets.trainTarget, sets.trainClasses].map(t => (t as Tensor).dtype)).toEqual(['int64', 'int64']);
});

test('as many pairs as there are images for, and not one more', async () => {
  const { testInput, testTarget } = await load({ tiny: true, flatten: false });
  expect(mnistToPairs(50, testInput, testTarget).classes.shape).toEqual([50, 2]);
  for (const nb of [51, 0, 1.5])
    expect(() => mnistToPairs(nb, testInput, testTarget)).toThrow(
      `mnistToPairs: ${nb} pairs of 100 images; it can make 1 to 50`,
    );
});
