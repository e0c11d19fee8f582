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

/** The difference grows from the last digit to one that is seen in about this many steps: docs/drawings/rounding.svg. */
export const STEPS_BEFORE_THE_RISE = 15;

/**
 * Whether two correct programs part so: a last bit is amplified from the edge on and not before, it takes some steps to
 * be seen, and no step makes percents of nothing.
 */
export function isAmplified(one: StepReport, other: StepReport, edge: number, { train, test }: Sizes): boolean {
  const isNear = (a: number, b: number, samples: number) =>
    Math.abs(a - b) <= LEAP.errors + (100 * LEAP.samples) / samples;
  return (
    one.step >= Math.max(edge, STEPS_TO_BE_SEEN) &&
    partsSlowly(one.trainLoss, other.trainLoss) &&
    isNear(one.trainError, other.trainError, train) &&
    isNear(one.testError, other.testError, test)
  );
}

/** Whether the losses, the same until then, go apart as slowly as what grows with each step. */
export function partsSlowly(one: number, other: number): boolean {
  return Math.abs(one - other) <= LEAP.loss * Math.max(one, other) + PRINTED;
}

/**
 * The most by which rounding parts two correct programs in the step where it is first seen: of the loss as a share of
 * it, of the errors in points of percent and some samples. Measured on MNIST between Longhand's engines and PyTorch: 0.06%
 * of the loss and 3 of 1,000 samples with step sizes of 0.1 and 0.2, 0.3% and 8 samples up to a step size of 10.
 */
const LEAP = { loss: 0.01, errors: 2, samples: 2 };

/** With steps a hundred times too wide a sample was seen to fall otherwise at step 2, never before. */
const STEPS_TO_BE_SEEN = 2;

/**
 * Whether the steps are so wide that the loss comes out above where it began: from there correct programs fare as
 * luck has it, and their averages lie anywhere.
 */
export function isThrownOut(reports: readonly StepReport[]): boolean {
  return reports.some(({ trainLoss }) => trainLoss > reports[0]!.trainLoss * (1 + 1e-4) + PRINTED);
}

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
