import { LonghandError } from '../tensor/index.ts';
import type { StepReport } from '../train.ts';

/** A log that cannot be compared. */
export class LogError extends LonghandError {
  override name = 'LogError';
}

/** A training's log, as the practical prints it, and what the lines around it say. */
export interface Log {
  /** From step 0 on, one after the other. */
  readonly reports: readonly StepReport[];
  /** What it was trained on, as the helper file calls it: `MNIST`, `CIFAR`; where the log says so. */
  readonly title: string | undefined;
  /** The numbers of training and test samples, where the log says so. */
  readonly samples: { readonly train: number; readonly test: number } | undefined;
}

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|nan|inf(?:inity)?)`;
const LINE = new RegExp(
  `^(\\d+)\\s+acc_train_loss\\s+(${NUMBER})\\s+acc_train_error\\s+(${NUMBER})\\s*%\\s+test_error\\s+(${NUMBER})\\s*%$`,
  'i',
);
const ROW = new RegExp(`^(\\d+),(${NUMBER}),(${NUMBER}),(${NUMBER})$`, 'i');
const SAMPLES = /^\*\* Use (\d+) train and (\d+) test samples$/;

/**
 * Reads the practical's log, `0 acc_train_loss 810.00 acc_train_error 90.30% test_error 90.10%` and so on, or the
 * `log.csv` of a saved run. Other lines may stand between; `name` is the file's, for the messages.
 *
 * @throws LogError where no step is in it, where steps are missing or where they do not begin with 0.
 */
export function parseLog(text: string, name: string): Log {
  const reports: StepReport[] = [];
  let title: string | undefined;
  let samples: Log['samples'];
  for (const [i, raw] of text.split(/\r\n|[\r\n]/).entries()) {
    const line = raw.trim();
    title ??= /^\* Using (.+)$/.exec(line)?.[1];
    const [, train, test] = SAMPLES.exec(line) ?? [];
    if (train !== undefined) samples = { train: Number(train), test: Number(test) };
    const [, step, ...values] = LINE.exec(line) ?? ROW.exec(line) ?? [];
    if (step === undefined) continue;
    if (Number(step) !== reports.length)
      throw new LogError(
        `compare: ${name}, line ${i + 1}: step ${step} stands where step ${reports.length} was wanted. A log begins ` +
          'with step 0 and leaves none out; is this one of two trainings, or cut?',
      );
    const [trainLoss, trainError, testError] = values.map(numberOf) as [number, number, number];
    reports.push({ step: Number(step), trainLoss, trainError, testError });
  }
  if (reports.length === 0)
    throw new LogError(
      `compare: ${name} holds no line of the practical's log; it wants lines like ` +
        '`0 acc_train_loss 810.00 acc_train_error 90.30% test_error 90.10%`',
    );
  return { reports, title, samples };
}

/** As Python writes numbers, too. */
function numberOf(text: string): number {
  const [, sign = '', word] = /^([-+]?)(nan|inf)/i.exec(text) ?? [];
  if (word === undefined) return Number(text);
  if (word.toLowerCase() === 'nan') return NaN;
  return sign === '-' ? -Infinity : Infinity;
}

/** The text of a file, whatever a shell wrote it in: PowerShell's `>` writes UTF-16. */
export function decodeLog(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
