import { expect, test } from 'vitest';
import {
  convertToOneHotLabels,
  type DrawnDigits,
  drawnDigits,
  initialParameters,
  loadData,
  manualSeed,
  problemOf,
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
  const result = [...train(engine, { steps, eta })].map(({ testError }) => 100 - testError);
  engine.dispose();
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

test.skipIf(!mnistIsHere)(
  `a thousand drawn digits and a thousand steps read at least 80% of MNIST${wantsMnist}`,
  async () => {
    const last = (await accuracies(1000, 1000, 0.1)).at(-1)!;
    console.log(`1,000 drawn digits, 1,000 steps: ${last.toFixed(2)}% of MNIST's test set`);
    expect(last).toBeGreaterThanOrEqual(80);
  },
);

test.skipIf(!mnistIsHere)(`20,000 drawn digits read at least 87% of MNIST${wantsMnist}`, async () => {
  const last = (await accuracies(20_000, 1200, 0.05)).at(-1)!;
  console.log(`20,000 drawn digits, 1,200 steps, eta 0.05: ${last.toFixed(2)}% of MNIST's test set`);
  expect(last).toBeGreaterThanOrEqual(87);
});
