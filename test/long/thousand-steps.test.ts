import { describe, expect, test } from 'vitest';
import { initialParameters, manualSeed, type Parameters, problemOf, type StepReport, train } from '../../src/index.ts';
import { type EngineUnderTest, engines } from '../engines.ts';
import { mnist, mnistIsHere, wantsMnist } from '../mnist-here.ts';

// Every engine learns MNIST in a thousand steps. Over twenty seeds, and over a hundred: sweep.test.ts.

function hasLearned({ step, trainError, testError }: StepReport, seed: number): void {
  expect(step).toBe(999);
  expect(trainError, `training error, seed ${seed}`).toBeLessThanOrEqual(1);
  expect(testError, `test error, seed ${seed}`).toBeGreaterThanOrEqual(14);
  expect(testError, `test error, seed ${seed}`).toBeLessThanOrEqual(18);
}

const start = (seed: number): Parameters<50, 784, 10> => {
  manualSeed(seed);
  return initialParameters({ inputs: 784, hidden: 50, classes: 10 });
};

const fast = engines.filter(engine => engine.fast);
const [first] = fast as [EngineUnderTest];
const endsOfFirst: StepReport[] = [];
for (const engine of fast) {
  const isKernels = engine.name.startsWith('wasm');
  test.skipIf(!mnistIsHere)(`${engine.name}: 1,000 steps learn MNIST${wantsMnist}`, async () => {
    const problem = problemOf(await mnist());
    const ends: StepReport[] = [];
    for (const seed of isKernels ? [0, 1] : [0]) {
      const running = await engine.make(problem, start(seed) as never);
      let last: StepReport | undefined;
      for await (const report of train(running)) last = report;
      await running.dispose();
      ends.push(last!);
      hasLearned(last!, seed);
    }
    // with another number of threads the sums are the same to the bit
    if (engine === first) endsOfFirst.push(...ends);
    else if (isKernels && endsOfFirst.length > 0) expect(ends).toEqual(endsOfFirst); // or it was left out
  });
}

// What is not fast takes minutes for a thousand steps. The golden logs hold the first sixty of them to PyTorch's; here
// each of several stretches begins where the first engine has come to, and goes beside it.
describe.skipIf(!mnistIsHere).each(engines.filter(engine => !engine.fast))(`$name${wantsMnist}`, engine => {
  const LENGTH = 10;

  test(`goes beside ${first.name} for ${LENGTH} steps, wherever they are of the thousand`, async () => {
    const problem = problemOf(await mnist());
    const leader = await first.make(problem, start(0) as never);
    const ours = await engine.make(problem, start(0) as never);
    let step = 0;
    for (const begin of [100, 400, 700, 1000 - LENGTH]) {
      for await (const report of train(leader, { firstStep: step, steps: begin })) step = report.step + 1;
      await ours.setParameters(await leader.parameters());
      const stretch = { firstStep: begin, steps: begin + LENGTH };
      const beside = train(leader, stretch);
      for await (const report of train(ours, stretch)) {
        const wanted = (await beside.next()).value!;
        const message = `step ${report.step}: ${JSON.stringify(report)}, ${first.name} ${JSON.stringify(wanted)}`;
        expect(Math.abs(report.trainLoss - wanted.trainLoss), message).toBeLessThanOrEqual(1e-4 * wanted.trainLoss);
        // a sample of a thousand
        expect(Math.abs(report.trainError - wanted.trainError), message).toBeLessThanOrEqual(0.1000001);
        expect(Math.abs(report.testError - wanted.testError), message).toBeLessThanOrEqual(0.1000001);
        step = report.step + 1;
        if (step === 1000) hasLearned(report, 0);
      }
    }
    expect(step).toBe(1000);
    await ours.dispose();
    await leader.dispose();
  });
});
