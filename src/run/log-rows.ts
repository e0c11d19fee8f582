import type { StepReport } from '../train.ts';

/** The first line of `log.csv`. */
export const LOG_HEADER = 'step,loss,training_error,test_error\n';

/** A row of `log.csv`: full precision, errors in percent. */
export function logRow({ step, trainLoss, trainError, testError }: StepReport): string {
  return `${step},${trainLoss},${trainError},${testError}\n`;
}
