import type { StepReport } from '../train.ts';

/**
 * Says why the loss stands still. With initial weights near 0 it does so for some thirty steps while every sample gets
 * the same answer, and who sees it for the first time takes it for a mistake. Where the sums that tanh is given are too
 * large it does so for good: the slopes are 0 there.
 */
export class Plateau {
  readonly #lossOfZeros: number;
  #last: StepReport | undefined;
  /** The most that one step has taken off the loss. */
  #largestFall = 0;
  /** The number of steps, this one among them, since either error changed. */
  #unchanged = 0;
  /** Whether the loss was ever above that of answering 0, as it is not on the way from weights near 0. */
  #wasAbove = false;
  #plateau: StepReport | undefined;
  #done = false;

  /** `lossOfZeros`: the training loss of a network that answers 0 to everything, the sum of the targets' squares. */
  constructor(lossOfZeros: number) {
    this.#lossOfZeros = lossOfZeros;
  }

  /** What there is to say after this step, if anything. */
  note(report: StepReport): string | undefined {
    const { step, trainLoss, trainError, testError } = report;
    const last = this.#last ?? report;
    this.#last = report;
    const fall = last.trainLoss - trainLoss;
    this.#largestFall = Math.max(this.#largestFall, fall);
    this.#unchanged = trainError === last.trainError && testError === last.testError ? this.#unchanged + 1 : 0;
    this.#wasAbove ||= trainLoss > 1.01 * this.#lossOfZeros;
    if (this.#done) return undefined;

    if (this.#plateau !== undefined && trainError < 0.95 * this.#plateau.trainError) {
      this.#done = true;
      return `step ${step}: the plateau is over: the hidden units begin to tell images apart.`;
    }
    const learnsNothing = this.#unchanged >= 3 && trainError > 80; // chance gives 90
    if (!learnsNothing) return undefined;

    if (this.#wasAbove) {
      if (trainLoss < 1.01 * this.#lossOfZeros || Math.abs(fall) > 1e-4 * trainLoss) return undefined;
      this.#done = true;
      return (
        `step ${step}: the loss stands still, above that of answering 0 to every image: tanh is saturated, ` +
        'its slopes near 0. Try a smaller --eta or --epsilon.'
      );
    }
    // b2 alone takes the loss from that of answering 0 to that of answering the shares of the classes: a tenth less
    const b2HasLearned = trainLoss < 0.95 * this.#lossOfZeros && Math.abs(fall) < 0.01 * this.#largestFall;
    if (this.#plateau !== undefined || !b2HasLearned) return undefined;
    this.#plateau = report;
    return (
      `step ${step}: a plateau, no mistake: every image gets the same answer while w1 and w2 are near 0. ` +
      'They grow with each step, unseen until they matter.'
    );
  }
}
