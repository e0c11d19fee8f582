import type { Parameters } from '../engine/engine.ts';

/** A trained network, and what must be known to use it. A checkpoint is one. */
export interface Network {
  /** float32. */
  readonly parameters: Parameters;
  /** What was subtracted from the pixels, 0 … 255, and what they were then divided by. */
  readonly normalisation: { readonly mean: number; readonly std: number };
  /** Channels, rows and columns of an image. */
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  /**
   * What it was trained on. Where its images are laid out as MNIST's (`mnist`, `drawn`, or where nothing is said), the
   * digit in a picture is looked for and laid out so too; for any other a picture is only scaled.
   */
  readonly settings?: { readonly dataset: string };
}
