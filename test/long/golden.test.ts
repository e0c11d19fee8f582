import { describe, test } from 'vitest';
import { problemOf } from '../../src/index.ts';
import { engines } from '../engines.ts';
import { followsPyTorch, type GoldenLog, golden } from '../golden/logs.ts';
import { mnist, mnistIsHere, wantsMnist } from '../mnist-here.ts';

const logs = golden<Record<string, GoldenLog>>('mnist-log.json');

/** What is not fast takes for one of these logs a minute, where the others take a second: one of each size. */
const ofReference = ['tiny 3', 'small 11', 'full 0'];

for (const engine of engines) {
  describe.skipIf(!mnistIsHere)(`${engine.name} on MNIST${wantsMnist}`, () => {
    for (const name of Object.keys(logs).filter(name => name !== 'torch')) {
      if (engine.fast && ['small 0', 'small 2024'].includes(name)) continue; // of test/golden.test.ts
      if (!engine.fast && !ofReference.includes(name)) continue;
      const [size, seed] = name.split(' ') as [string, string];
      test(`${size}, seed ${seed}: the log is PyTorch's`, async () => {
        const data = await mnist({ tiny: size === 'tiny', full: size === 'full' });
        await followsPyTorch(engine, problemOf(data), Number(seed), logs[name]!);
      });
    }
  });
}
