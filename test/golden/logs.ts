import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { initialParameters, manualSeed, type Problem, train } from '../../src/index.ts';
import type { EngineUnderTest } from '../engines.ts';

/** PyTorch's log: loss, training errors and test errors (counts) of every step. */
export type GoldenLog = readonly (readonly [loss: number, errors: number, testErrors: number])[];

/** One of the files that make_pytorch.py makes. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T;
}

/**
 * Trains from PyTorch's own initial parameters and holds every step to PyTorch's log: the loss to 1e-4 of itself (and
 * half a hundredth, for printing), the errors to one sample. So far float32 and float64 agree with each other too.
 */
export async function followsPyTorch(
  engine: EngineUnderTest,
  problem: Problem,
  seed: number,
  log: GoldenLog,
  { hidden = 50, epsilon = 1e-6 } = {},
): Promise<void> {
  manualSeed(seed);
  const inputs = problem.trainInput.size(1);
  const classes = problem.trainTarget.size(1);
  const running = await engine.make(problem, initialParameters({ inputs, hidden, classes }, epsilon));
  try {
    for await (const { step, trainLoss, trainError, testError } of train(running, { steps: log.length })) {
      const [loss, errors, testErrors] = log[step]!;
      const ours = [trainLoss, (trainError * running.trainCount) / 100, (testError * running.testCount) / 100] as const;
      const message = `step ${step}: Longhand ${ours.join(', ')}; PyTorch ${log[step]!.join(', ')}`;
      expect(Math.abs(ours[0] - loss), message).toBeLessThanOrEqual(1e-4 * loss + 0.005);
      expect(Math.abs(ours[1] - errors), message).toBeLessThanOrEqual(1.000001);
      expect(Math.abs(ours[2] - testErrors), message).toBeLessThanOrEqual(1.000001);
    }
  } finally {
    await running.dispose();
  }
}
