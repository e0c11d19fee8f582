import { logLine, type StepReport } from '../../src/train.ts';

/** A step's values, as the terminal prints them. */
export interface StepValues {
  readonly loss: string;
  readonly trainError: string;
  readonly testError: string;
}

export function valuesOf(report: StepReport): StepValues {
  const [, , loss, , trainError, , testError] = logLine(report).split(' ');
  return { loss: loss!, trainError: trainError!, testError: testError! };
}

export function inWords(report: StepReport): string {
  const { loss, trainError, testError } = valuesOf(report);
  return `loss ${loss}, training error ${trainError}, test error ${testError}`;
}
