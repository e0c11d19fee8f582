/**
 * What is computed: gradient steps of a network of D inputs, H hidden units and C classes on N training samples, each
 * followed by a look at M test samples. A work is written into a folder, where the peers in all languages read it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialParameters, loadData, manualSeed, problemOf } from '../dist/index.js';
import { randn, Tensor } from '../dist/tensor/index.js';

/** The practical's 1e-6 begins with steps in which every network gives the same answers: nothing to compare. */
const EPSILON = 0.01;

/**
 * `checked` is how many steps are compared with the reference, `within` what part of the loss may differ: most peers add
 * up the loss in float32, which for 600,000 terms loses the third digit. `sample`: those that go sample by sample join in.
 */
export const works = {
  default: { title: 'MNIST, 1,000 + 1,000 images, 784-50-10', checked: 20, within: 1e-4, sample: true },
  full: { title: 'MNIST, 60,000 + 10,000 images, 784-50-10', checked: 2, within: 3e-3, full: true },
  dense: {
    title: '1,000 + 1,000 samples of random numbers, as large as CIFAR-10’s, 3072-50-10',
    checked: 3,
    within: 1e-4,
    random: 3072,
  },
};

/** More and more of one thing: training images, hidden units. Eight test images, whose cost does not count. */
export const scales = [
  ...[1000, 3000, 10_000, 30_000, 60_000].map(samples => ({ samples, tests: 8, hidden: 50, full: true })),
  ...[10, 25, 100, 200, 400, 800].map(hidden => ({ samples: 1000, tests: 8, hidden })),
];

/** Writes a work into a folder. MNIST is looked for where `longhand train` looks for it. */
export async function writeWork(folder, { full = false, random, samples, tests, hidden = 50 }) {
  manualSeed(0);
  const problem = random === undefined ? await mnist(full) : randomProblem(1000, random, 10);
  const first = (tensor, count = tensor.size(0)) => tensor.narrow(0, 0, count);
  const trainInput = first(problem.trainInput, samples);
  const trainTarget = first(problem.trainTarget, samples);
  const testInput = first(problem.testInput, tests);
  const testTarget = first(problem.testTarget, tests);
  const [N, D] = trainInput.size();
  const [M, C] = testTarget.size();
  const parameters = initialParameters({ inputs: D, hidden, classes: C }, EPSILON);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sizes.json'), JSON.stringify({ N, M, D, H: hidden, C, eta: 0.1 / N }));
  for (const [name, tensor] of Object.entries({ trainInput, trainTarget, testInput, testTarget, ...parameters }))
    writeFileSync(join(folder, `${name}.f32`), tensor.elements());
  return { N, M };
}

async function mnist(full) {
  return problemOf(await loadData({ dataset: 'mnist', full, oneHotLabels: true, normalize: true, log() {} }));
}

function randomProblem(count, D, C) {
  const isTarget = i => Math.floor(i / C) % C === i % C;
  const targets = Float32Array.from({ length: count * C }, (_, i) => (isTarget(i) ? 0.9 : 0));
  const target = new Tensor(targets, [count, C], 'float32');
  return { trainInput: randn(count, D), trainTarget: target, testInput: randn(count, D), testTarget: target };
}
