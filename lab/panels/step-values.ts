import { logLine, type StepReport } from '../../src/train.ts';

/** A step's values, as the terminal prints them but for the thousands of a loss, which stand apart as on the axis. */
export interface StepValues {
  readonly loss: string;
  readonly trainError: string;
  readonly testError: string;
}

export function valuesOf(report: StepReport): StepValues {
  const [, , loss, , trainError, , testError] = logLine(report).split(' ');
  return { loss: loss!.replace(/\B(?=(\d{3})+\.)/g, ','), trainError: trainError!, testError: testError! };
}

export function inWords(report: StepReport): string {
  const { loss, trainError, testError } = valuesOf(report);
  return `loss ${loss}, training error ${trainError}, test error ${testError}`;
}
