import type { StepReport } from '../train.ts';

/** How finely a log tells errors: one sample of N, of M, in percent. */
export interface Sizes {
  readonly train: number;
  readonly test: number;
}

/**
 * Two correct programs print the same loss within this share of it and the last printed digit, and the same errors
 * within one sample, as long as rounding is not amplified: measured between PyTorch in float32, in float64 and Longhand.
 */
const SAME_LOSS = 2e-4;
const PRINTED = 0.011;

/** Whether two programs are at the same point at this step, but for rounding. */
export function same(one: StepReport, other: StepReport, { train, test }: Sizes): boolean {
  return (
    sameLoss(one.trainLoss, other.trainLoss) &&
    sameErrors(one.trainError, other.trainError, train) &&
    sameErrors(one.testError, other.testError, test)
  );
}

export function sameLoss(one: number, other: number): boolean {
  if (Number.isNaN(one) && Number.isNaN(other)) return true;
  return Math.abs(one - other) <= SAME_LOSS * Math.max(Math.abs(one), Math.abs(other)) + PRINTED;
}

/** `samples`: how many a percentage is of. */
export function sameErrors(one: number, other: number, samples: number): boolean {
  return Math.abs(one - other) <= 100 / samples + PRINTED;
}

/** The first step at which the two are not the same any more; undefined where they are to the end of the shorter one. */
export function partingOf(one: readonly StepReport[], other: readonly StepReport[], sizes: Sizes): number | undefined {
  const steps = Math.min(one.length, other.length);
  for (let step = 0; step < steps; step++) if (!same(one[step]!, other[step]!, sizes)) return step;
  return undefined;
}

/**
 * From which step on rounding may be amplified: some steps before the loss rises for the first time, for then the steps
 * have become too wide for the valley. Infinity where it never rises.
 */
export function edgeOfStability(reports: readonly StepReport[]): number {
  for (const [i, { step, trainLoss }] of reports.entries()) {
    const before = reports[i - 1]?.trainLoss ?? Infinity;
    if (trainLoss > before * (1 + 1e-4) + PRINTED) return step - STEPS_BEFORE_THE_RISE;
  }
  return Infinity;
}

/** The difference grows from the last digit to one that is seen in about so many steps: docs/drawings/rounding.svg. */
export const STEPS_BEFORE_THE_RISE = 15;

/** Averages over the steps from `from` on, up to `to`. */
export function averages(
  reports: readonly StepReport[],
  from: number,
  to: number,
): { readonly trainLoss: number; readonly trainError: number; readonly testError: number } {
  const part = reports.slice(from, to);
  const mean = (value: (report: StepReport) => number) =>
    part.reduce((sum, report) => sum + value(report), 0) / part.length;
  return { trainLoss: mean(r => r.trainLoss), trainError: mean(r => r.trainError), testError: mean(r => r.testError) };
}
