import type { Engine } from '../engine/engine.ts';
import type { StepReport } from '../train.ts';
import { edgeOfStability, isAmplified, type Sizes, STEPS_BEFORE_THE_RISE, same, sameLoss } from './parting.ts';

/** Longhand's own functions, trained beside somebody's from the same weights, as far as they are needed. */
export class Reference {
  /** From step 0 on. */
  readonly reports: StepReport[] = [];
  readonly #engine: Engine;
  readonly #eta: number;

  /** `eta` is divided by the number of samples here. It owns the engine, which stands before its first step. */
  constructor(engine: Engine, eta: number) {
    this.#engine = engine;
    this.#eta = eta / engine.trainCount;
  }

  /** Takes the next step. */
  async next(): Promise<void> {
    const engine = this.#engine;
    const { loss, errors } = await engine.step(this.#eta);
    const testErrors = await engine.testErrors();
    this.reports.push({
      step: this.reports.length,
      trainLoss: loss,
      trainError: (100 * errors) / engine.trainCount,
      testError: (100 * testErrors) / engine.testCount,
    });
  }

  async upTo(step: number): Promise<void> {
    while (this.reports.length <= step) await this.next();
  }

  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }
}

/**
 * Looks where somebody's training parts from the reference, while both go on. From where steps are too wide for the
 * valley, rounding parts any two correct programs, and that is no mistake.
 */
export class PartingWatch {
  readonly #sizes: Sizes;
  #step = 0;
  #found: { readonly step: number; readonly isAmplified: boolean } | undefined;

  constructor(sizes: Sizes) {
    this.#sizes = sizes;
  }

  /** Where they part, and whether as two correct programs do. */
  get found(): { readonly step: number; readonly isAmplified: boolean } | undefined {
    return this.#found;
  }

  /**
   * Looks at the steps that both have taken. Whether the loss is about to rise only the steps to come can tell, so the
   * reference is wanted to be ahead.
   *
   * @returns the step up to which the reference is wanted before more can be said; undefined where nothing is open.
   */
  look(theirs: readonly StepReport[], ours: readonly StepReport[]): number | undefined {
    while (this.#found === undefined && this.#step < theirs.length) {
      const step = this.#step;
      if (ours.length <= step) return step;
      if (!same(theirs[step]!, ours[step]!, this.#sizes)) {
        const wanted = step + STEPS_BEFORE_THE_RISE;
        if (ours.length <= wanted) return wanted;
        const edge = edgeOfStability(ours.slice(0, wanted + 1));
        this.#found = { step, isAmplified: isAmplified(theirs[step]!, ours[step]!, edge, this.#sizes) };
        return undefined;
      }
      this.#step += 1;
    }
    return undefined;
  }
}

/** That they part too early for rounding, with the numbers of both. */
export function whereTheyPart(theirs: StepReport, ours: StepReport): string {
  const shown = ({ trainLoss, trainError, testError }: StepReport) =>
    `loss ${trainLoss.toFixed(2)}, errors ${trainError.toFixed(2)}% and ${testError.toFixed(2)}%`;
  return (
    `step ${theirs.step}: here yours and Longhand's own functions part, too early for rounding: ` +
    `yours ${shown(theirs)}, Longhand's ${shown(ours)}`
  );
}

/** Which of the six functions that step points to. */
export function whatToLookAt(theirs: StepReport, ours: StepReport): string {
  const isFirst = theirs.step === 0;
  if (isFirst && !sameLoss(theirs.trainLoss, ours.trainLoss))
    return 'no gradient was used yet: look at `loss` first, then at the forward pass';
  if (isFirst && theirs.trainError !== ours.trainError) return 'no gradient was used yet: look at the forward pass';
  return 'the loss itself is the same before: look at the backward pass, and at `dsigma` and `dloss`';
}
