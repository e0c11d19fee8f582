import type { StepReport } from '../train.ts';

/** What a training is measured by, as the header of `log.csv` calls it. */
export type Measure = 'loss' | 'training_error' | 'test_error';
export const measures: readonly Measure[] = ['loss', 'training_error', 'test_error'];

/** How a training went: of each measure a value for each step, errors in percent. */
export type Curve = Readonly<Record<Measure, readonly number[]>>;

/** The values of one step. */
export type Figures = Readonly<Record<Measure, number>>;

/** What came of a run. One that has neither `diverged` nor `failed` has done all of its steps. */
export interface Outcome {
  /** As far as it came. */
  readonly curve: Curve;
  /** Why it came to NaN or to infinity: it would do so again. */
  readonly diverged?: string | undefined;
  /** What else stopped it, of which the next call may know nothing. */
  readonly failed?: string | undefined;
}

/** Grows with each report of a training. */
export class GrowingCurve {
  readonly loss: number[] = [];
  readonly training_error: number[] = [];
  readonly test_error: number[] = [];

  add({ trainLoss, trainError, testError }: StepReport): void {
    this.loss.push(trainLoss);
    this.training_error.push(trainError);
    this.test_error.push(testError);
  }
}

/** The figures after so many steps; undefined where there are none. */
export function figuresAfter(steps: number, curve: Curve): Figures | undefined {
  if (!(steps >= 1 && steps <= curve.loss.length)) return undefined;
  const at = steps - 1;
  return { loss: curve.loss[at]!, training_error: curve.training_error[at]!, test_error: curve.test_error[at]! };
}
