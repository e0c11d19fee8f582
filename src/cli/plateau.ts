import type { StepReport } from '../train.ts';

/**
 * Tells when the network seems stuck and when it no longer does. With initial weights near zero the loss stands still
 * for some thirty steps while every sample gets the same answer; who sees it for the first time takes it for a mistake.
 */
export class Plateau {
  #previous = Infinity;
  #level: number | undefined;
  #over = false;

  /** What there is to say after this step, if anything. */
  note({ step, trainLoss, trainError }: StepReport): string | undefined {
    const falls = (this.#previous - trainLoss) / this.#previous;
    this.#previous = trainLoss;
    if (this.#over) return undefined;
    if (this.#level === undefined) {
      if (!(Math.abs(falls) < 1e-3 && trainError > 50)) return undefined;
      this.#level = trainLoss;
      return (
        `step ${step}: a plateau. The loss stands still and every image gets the same answer. This is no mistake: ` +
        'from weights near 0 only b2 learns at first, because the gradients of w1 and w2 are products with weights that ' +
        'are still tiny. They grow by a factor at each step, unseen, until they matter.'
      );
    }
    if (trainLoss > 0.97 * this.#level) return undefined;
    this.#over = true;
    return `step ${step}: the plateau is over: the weights have grown enough for the hidden units to tell images apart.`;
  }
}
