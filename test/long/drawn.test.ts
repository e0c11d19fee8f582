import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  convertToOneHotLabels,
  type DrawnDigits,
  drawnDigits,
  initialParameters,
  loadData,
  manualSeed,
  problemOf,
  type StepReport,
  Tensor,
  train,
  wasmEngine,
} from '../../src/index.ts';
import { mnistIsHere, wantsMnist } from '../mnist-here.ts';

// How much of MNIST a network reads that has seen drawn digits alone, trained by the practical's own loop.

/** Test accuracy on MNIST's 10,000, in percent, after each step. */
async function accuracies(count: number, steps: number, eta: number): Promise<number[]> {
  const drawn = normalised(drawnDigits({ count }));
  const mnist = await loadData({ full: true, oneHotLabels: true, log: () => {} });
  const problem = problemOf({
    ...mnist,
    trainInput: drawn.input,
    trainTarget: drawn.target,
    testInput: mnist.testInput.sub(drawn.mean).div(drawn.std),
  });
  manualSeed(0);
  const engine = await wasmEngine(problem, initialParameters({ inputs: 784, hidden: 50, classes: 10 }));
  const result: number[] = [];
  for await (const { testError } of train(engine, { steps, eta })) result.push(100 - testError);
  await engine.dispose();
  return result;
}

function normalised({ images, labels }: DrawnDigits) {
  const pixels = new Tensor<[number, 784]>(Float32Array.from(images), [labels.length, 784], 'float32');
  const mean = pixels.mean().item();
  const std = pixels.std().item();
  const target = convertToOneHotLabels(
    pixels,
    new Tensor<[number]>(Float64Array.from(labels), [labels.length], 'int64'),
  );
  return { input: pixels.sub(mean).div(std), target, mean, std };
}

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, ofThousand, steps, eta, ofTwentyThousand] =
  /read (\d+)% of MNIST's 10,000 test images; 20,000 of them, ([\d,]+) steps and `--eta ([\d.]+)`, (\d+)%/.exec(
    readme,
  )!;

test.skipIf(!mnistIsHere)(
  `a thousand drawn digits and a thousand steps read as README.md says${wantsMnist}`,
  async () => {
    const last = (await accuracies(1000, 1000, 0.1)).at(-1)!;
    console.log(`1,000 drawn digits, 1,000 steps: ${last.toFixed(2)}% of MNIST's test set`);
    expect(last).toBeGreaterThanOrEqual(80);
    expect(Math.abs(last - Number(ofThousand))).toBeLessThan(1);
  },
);

test.skipIf(!mnistIsHere)(`20,000 drawn digits too, at least 87%${wantsMnist}`, async () => {
  const last = (await accuracies(20_000, Number(steps!.replace(',', '')), Number(eta))).at(-1)!;
  console.log(`20,000 drawn digits, ${steps} steps, eta ${eta}: ${last.toFixed(2)}% of MNIST's test set`);
  expect(last).toBeGreaterThanOrEqual(87);
  expect(Math.abs(last - Number(ofTwentyThousand))).toBeLessThan(1);
});

test('all drawn digits are as many as MNIST has', async () => {
  const { trainInput, testInput } = await loadData({ dataset: 'drawn', full: true, log: () => {} });
  expect([trainInput.shape, testInput.shape]).toEqual([
    [60_000, 784],
    [10_000, 784],
  ]);
});

test("a thousand drawn digits are learned as MNIST's are: all but by heart, and a thousand others worse", async () => {
  const data = await loadData({ dataset: 'drawn', oneHotLabels: true, normalize: true, log: () => {} });
  manualSeed(0);
  const engine = await wasmEngine(problemOf(data), initialParameters({ inputs: 784, hidden: 50, classes: 10 }));
  const reports: StepReport[] = [];
  for await (const report of train(engine, { steps: 1000 })) reports.push(report);
  const { trainError, testError } = reports.at(-1)!;
  await engine.dispose();
  console.log(`1,000 drawn digits: training error ${trainError.toFixed(2)}%, test error ${testError.toFixed(2)}%`);
  expect(trainError).toBeLessThan(2);
  expect(testError).toBeGreaterThan(10);
  expect(testError).toBeLessThan(20);
});
