import type { StepReport } from '../train.ts';
import {
  averages,
  edgeOfStability,
  isAmplified,
  isThrownOut,
  partingOf,
  partsSlowly,
  type Sizes,
  sameLoss,
} from './parting.ts';

/** What is said of two trainings. */
export interface Comparison {
  /**
   * `equal`: to rounding, to the end. `rounding`: they part as any two correct programs do. `draw`: they part where
   * the initial weights show, and come to the same end. `different`: two programs.
   */
  readonly verdict: 'equal' | 'rounding' | 'draw' | 'different';
  /** The first step at which they differ, undefined where they are equal. */
  readonly parting: number | undefined;
  /** Sentences, the verdict first. */
  readonly says: readonly string[];
}

/**
 * Where two logs part, and whether as two correct programs do. Names are how the two are called in the sentences.
 *
 * `right` is the one that is known to be right, with as many steps more as there are: then nothing that the other does
 * excuses it. Where none is known, only what both do is an excuse.
 */
export function compareLogs(
  one: readonly StepReport[],
  other: readonly StepReport[],
  sizes: Sizes,
  names: readonly [string, string],
  right?: readonly StepReport[],
): Comparison {
  const steps = Math.min(one.length, other.length);
  const parting = partingOf(one, other, sizes);
  const longer = one.length === other.length ? [] : [`compared over the ${steps} steps that both have`];
  if (parting === undefined) {
    return { verdict: 'equal', parting, says: [`equal to rounding in all of the ${steps} steps`, ...longer] };
  }
  const upTo = parting === 0 ? 'different from the first step on' : `equal to rounding up to step ${parting - 1}`;
  const models = right === undefined ? [one, other] : [right];
  const edge = Math.max(...models.map(edgeOfStability));
  const average = (allowed: Allowed, agree: string) =>
    averagesOf(one, other, parting, steps, { allowed, agree, sizes, names });
  const close = average(SAME_START, 'agree');
  if (isAmplified(one[parting]!, other[parting]!, edge, sizes)) {
    const says = `${upTo}; from there rounding is amplified, as between any two correct programs`;
    if (close.agree !== false) return { verdict: 'rounding', parting, says: [says, ...close.says, ...longer] };
    if (models.every(model => isThrownOut(model.slice(0, steps)))) {
      const thrown = 'with steps this wide the loss comes out above where it began, and averages tell nothing';
      return { verdict: 'rounding', parting, says: [says, thrown, ...longer] };
    }
  }
  const wide = average(OTHER_START, 'lie as near as from other weights');
  // on the plateau the loss knows nothing of the weights: only b2 counts; but the very first errors do
  const plateau = one.findIndex((report, k) => k >= steps || !sameLoss(report.trainLoss, other[k]!.trainLoss));
  const isOtherStart =
    plateau > 2 &&
    plateau < steps &&
    Math.abs(one[0]!.trainError - other[0]!.trainError) > 50 / sizes.train &&
    partsSlowly(one[plateau]!.trainLoss, other[plateau]!.trainLoss);
  if (isOtherStart && wide.agree === true) {
    const says =
      `the same loss up to step ${plateau - 1}, then they go different ways to the same end, as with other initial ` +
      'weights: another seed, other random numbers, or drawn in another order than w1, b1, w2, b2';
    return { verdict: 'draw', parting, says: [says, ...wide.says, ...longer] };
  }
  const says = `${upTo}; from step ${parting} on they are two programs: ${differenceAt(one, other, parting, names)}`;
  return { verdict: 'different', parting, says: [says, ...close.says, ...longer] };
}

function differenceAt(
  one: readonly StepReport[],
  other: readonly StepReport[],
  step: number,
  [a, b]: readonly [string, string],
): string {
  const shown = ({ trainLoss, trainError, testError }: StepReport) =>
    `loss ${trainLoss.toFixed(2)}, errors ${trainError.toFixed(2)}% and ${testError.toFixed(2)}%`;
  return `${a} has ${shown(one[step]!)}, ${b} ${shown(other[step]!)}`;
}

/** Averages over fewer steps say little, since the loss swings. */
const FEWEST_STEPS = 100;

/** How far two averages may lie apart: of the loss as a share of it, of the errors in points of percent. */
interface Allowed {
  readonly loss: number;
  readonly errors: number;
}

/**
 * How far averages of correct programs lie apart: measured on MNIST between PyTorch in two precisions and Longhand, at
 * most 1.5% of the loss and 0.1 points of error; between trainings from a last bit apart on 500 samples, 3% and 0.4.
 */
const SAME_START: Allowed = { loss: 0.05, errors: 0.6 };

/** From other initial weights: on MNIST the loss varies by 15% from seed to seed and the test error by 0.9 points. */
const OTHER_START: Allowed = { loss: 0.5, errors: 4 };

function averagesOf(
  one: readonly StepReport[],
  other: readonly StepReport[],
  from: number,
  to: number,
  judged: {
    readonly allowed: Allowed;
    /** What is said where they agree so far. */
    readonly agree: string;
    readonly sizes: Sizes;
    readonly names: readonly [string, string];
  },
): { agree: boolean | undefined; says: string[] } {
  const {
    allowed,
    sizes: { test },
    names: [a, b],
  } = judged;
  if (to - from < FEWEST_STEPS) return { agree: undefined, says: [] };
  // the first of these steps say how soon, not where to
  const begin = Math.ceil((from + to) / 2);
  const [mine, theirs] = [averages(one, begin, to), averages(other, begin, to)];
  const errors = Math.max(allowed.errors, (10 * allowed.errors) / Math.sqrt(test));
  const agree =
    Math.abs(mine.trainLoss - theirs.trainLoss) <= allowed.loss * Math.max(mine.trainLoss, theirs.trainLoss) &&
    Math.abs(mine.trainError - theirs.trainError) <= errors &&
    Math.abs(mine.testError - theirs.testError) <= errors;
  const shown = ({ trainLoss, trainError, testError }: typeof mine) =>
    `loss ${trainLoss.toFixed(2)}, errors ${trainError.toFixed(2)}% and ${testError.toFixed(2)}%`;
  return {
    agree,
    says: [
      `the averages over the steps ${begin} to ${to - 1} ${agree ? judged.agree : 'differ'}: ` +
        `${a} ${shown(mine)}; ${b} ${shown(theirs)}`,
    ],
  };
}
