import { expect, test } from 'vitest';
import { problemOf } from '../src/index.ts';
import { engines } from './engines.ts';
import { followsPyTorch, type GoldenLog, golden } from './golden/logs.ts';
import { madeProblem } from './golden/made-data.ts';
import { mnist, mnistIsHere, wantsMnist } from './mnist-here.ts';

// More seeds and sizes, and the reference on MNIST: test/long/golden.test.ts.

const onMadeData = golden<Record<string, GoldenLog>>('made-log.json');
const onMnist = golden<Record<string, GoldenLog>>('mnist-log.json');

test('the golden logs are of networks that learn', () => {
  for (const seed of ['0', '1']) {
    const log = onMadeData[seed]!;
    expect(log).toHaveLength(60);
    expect(log[59]![0]).toBeLessThan(log[0]![0] * 0.6);
    expect(log[59]![1]).toBeLessThan(log[0]![1] / 10);
  }
});

for (const engine of engines) {
  for (const seed of [0, 1]) {
    test(`${engine.name}: on made data the log of seed ${seed} is PyTorch's, step by step`, async () => {
      await followsPyTorch(engine, madeProblem(), seed, onMadeData[seed]!, { hidden: 20, epsilon: 1e-3 });
    });
  }

  for (const seed of [0, 2024]) {
    test.skipIf(!mnistIsHere || !engine.fast)(
      `${engine.name}: on MNIST the log of seed ${seed} is PyTorch's past the plateau${wantsMnist}`,
      async () => {
        await followsPyTorch(engine, problemOf(await mnist()), seed, onMnist[`small ${seed}`]!);
      },
    );
  }
}
