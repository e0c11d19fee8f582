import type { Tensor } from './tensor/index.ts';
import type { StepReport } from './train.ts';

/**
 * Why the loss stands still, or does no longer. On the `plateau` every image gets the same answer while w1 and w2 are
 * near 0; they grow with each step, unseen until they matter, and the plateau is over when the hidden units begin to tell
 * images apart. Where tanh is `saturated` its slopes are near 0; where it `began saturated` the initial weights are too
 * large.
 */
export type Standstill = 'plateau' | 'plateau over' | 'began saturated' | 'saturated';

/** Where tanh is saturated: beyond this its slope is less than 0.04. */
export const SATURATED = 0.98;

/** Saturated sums give way slowly, others at once: after this many steps the two can be told apart. */
const STEPS_TO_RECOVER = 10;

/**
 * Sees why the loss stands still. With initial weights near 0 it does so for some thirty steps while every sample gets
 * the same answer, and who sees it for the first time takes it for a mistake. Where the sums that tanh is given are too
 * large it does so for good: the slopes are 0 there.
 */
export class Plateau {
  readonly #lossOfZeros: number;
  readonly #responses: () => Promise<Tensor>;
  #first: StepReport | undefined;
  #last: StepReport | undefined;
  /** The most that one step has taken off the loss. */
  #largestFall = 0;
  /** The number of steps, this one among them, since either error changed. */
  #unchanged = 0;
  /** Whether the loss was ever above that of answering 0, as it is not on the way from weights near 0. */
  #wasAbove = false;
  #plateau: StepReport | undefined;
  #done = false;

  /**
   * @param lossOfZeros the training loss of a network that answers 0 to everything, the sum of the targets' squares
   * @param responses asks what the network answers to the training samples now
   */
  constructor(lossOfZeros: number, responses: () => Promise<Tensor>) {
    this.#lossOfZeros = lossOfZeros;
    this.#responses = responses;
  }

  /** What is seen after this step, if anything. */
  async after(report: StepReport): Promise<Standstill | undefined> {
    const { step, trainLoss, trainError, testError } = report;
    this.#first ??= report;
    const last = this.#last ?? report;
    this.#last = report;
    const fall = last.trainLoss - trainLoss;
    this.#largestFall = Math.max(this.#largestFall, fall);
    this.#unchanged = trainError === last.trainError && testError === last.testError ? this.#unchanged + 1 : 0;
    this.#wasAbove ||= trainLoss > 1.01 * this.#lossOfZeros;
    if (this.#done) return undefined;

    if (this.#plateau !== undefined && trainError < 0.95 * this.#plateau.trainError) {
      this.#done = true;
      return 'plateau over';
    }
    if (step === STEPS_TO_RECOVER && (await this.#beganSaturated(report))) {
      this.#done = true;
      return 'began saturated';
    }
    const learnsNothing = this.#unchanged >= 3 && trainError > 80; // chance gives 90
    if (!learnsNothing) return undefined;

    if (this.#wasAbove) {
      if (trainLoss < 1.01 * this.#lossOfZeros || Math.abs(fall) > 1e-4 * trainLoss) return undefined;
      this.#done = true;
      return 'saturated';
    }
    // b2 alone takes the loss from that of answering 0 to that of answering the shares of the classes: a tenth less
    const b2HasLearned = trainLoss < 0.95 * this.#lossOfZeros && Math.abs(fall) < 0.01 * this.#largestFall;
    if (this.#plateau !== undefined || !b2HasLearned) return undefined;
    this.#plateau = report;
    return 'plateau';
  }

  /**
   * Whether most responses were and are where tanh is flat, and wrong: then the loss is many times that of answering 0.
   * (Not so with targets −ζ and ζ, which are learned from there too: at ±1 half of the responses are right by luck.)
   */
  async #beganSaturated({ trainLoss }: StepReport): Promise<boolean> {
    if (Math.min(this.#first!.trainLoss, trainLoss) < 5 * this.#lossOfZeros) return false;
    const responses = (await this.#responses()).elements();
    return responses.filter(response => Math.abs(response) > SATURATED).length > responses.length / 2;
  }
}
