import type { Engine, Parameters, Problem } from '../engine/engine.ts';
import type { StepReport } from '../train.ts';
import { averages, edgeOfStability, partingOf, type Sizes } from './parting.ts';
import { type Case, follows, misprints, targetsOf, wrongSteps } from './suspects.ts';

/** What is said of two trainings. */
export interface Comparison {
  /**
   * `equal`: to rounding, to the end. `rounding`: they part as any two correct programs do. `draw`: they part as soon
   * as the initial weights show, and agree on average. `different`: two programs.
   */
  readonly verdict: 'equal' | 'rounding' | 'draw' | 'different';
  /** The first step at which they differ, undefined where they are equal. */
  readonly parting: number | undefined;
  /** Sentences, the verdict first. */
  readonly says: readonly string[];
}

/**
 * Where two logs part, and whether as two correct programs do. Names are how the two are called in the sentences.
 */
export function compareLogs(
  one: readonly StepReport[],
  other: readonly StepReport[],
  sizes: Sizes,
  names: readonly [string, string],
): Comparison {
  const steps = Math.min(one.length, other.length);
  const parting = partingOf(one, other, sizes);
  const longer = one.length === other.length ? [] : [`compared over the ${steps} steps that both have`];
  if (parting === undefined) {
    return { verdict: 'equal', parting, says: [`equal to rounding in all of the ${steps} steps`, ...longer] };
  }
  const upTo = parting === 0 ? 'different from the first step on' : `equal to rounding up to step ${parting - 1}`;
  const average = averagesOf(one, other, parting, steps, sizes, names);
  const amplified = parting >= Math.min(edgeOfStability(one), edgeOfStability(other));
  if (amplified && average.agree !== false) {
    const says = `${upTo}; from there rounding is amplified, as between any two correct programs`;
    return { verdict: 'rounding', parting, says: [says, ...average.says, ...longer] };
  }
  if (!amplified && parting > 2 && average.agree === true) {
    const says =
      `${upTo}, then they go different ways to the same end, as with other initial weights: another seed, other ` +
      'random numbers, or drawn in another order than w1, b1, w2, b2';
    return { verdict: 'draw', parting, says: [says, ...average.says, ...longer] };
  }
  const says = `${upTo}; from step ${parting} on they are two programs: ${differenceAt(one, other, parting, names)}`;
  return { verdict: 'different', parting, says: [says, ...average.says, ...longer] };
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

/**
 * How far averages of correct programs lie apart: measured on MNIST between PyTorch in two precisions and Longhand, at
 * most 1.5% of the loss and 0.1 points of error; between trainings from a last bit apart on 500 samples, 3% and 0.4.
 */
const SAME_AVERAGE_LOSS = 0.05;
const SAME_AVERAGE_ERROR = 0.6;

function averagesOf(
  one: readonly StepReport[],
  other: readonly StepReport[],
  from: number,
  to: number,
  { test }: Sizes,
  [a, b]: readonly [string, string],
): { agree: boolean | undefined; says: string[] } {
  if (to - from < FEWEST_STEPS) return { agree: undefined, says: [] };
  // the first of these steps say how soon, not where to
  const begin = Math.ceil((from + to) / 2);
  const [mine, theirs] = [averages(one, begin, to), averages(other, begin, to)];
  const errors = Math.max(SAME_AVERAGE_ERROR, 100 / test);
  const agree =
    Math.abs(mine.trainLoss - theirs.trainLoss) <= SAME_AVERAGE_LOSS * Math.max(mine.trainLoss, theirs.trainLoss) &&
    Math.abs(mine.trainError - theirs.trainError) <= errors &&
    Math.abs(mine.testError - theirs.testError) <= errors;
  const shown = ({ trainLoss, trainError, testError }: typeof mine) =>
    `loss ${trainLoss.toFixed(2)}, errors ${trainError.toFixed(2)}% and ${testError.toFixed(2)}%`;
  return {
    agree,
    says: [
      `the averages over the steps ${begin} to ${to - 1} ${agree ? 'agree' : 'differ'}: ` +
        `${a} ${shown(mine)}; ${b} ${shown(theirs)}`,
    ],
  };
}
