import type { Tensor } from '../tensor/index.ts';

/** What `loadData` gives to the practical's training: N training and M test samples of 784 numbers, normalised. */
export interface TrainingData {
  /** N × 784: a row a sample. */
  readonly trainInput: Tensor<[number, 784]>;
  /** [N, 10], one-hot: 1 at the class of the sample, 0 elsewhere. */
  readonly trainTarget: Tensor<[number, 10]>;
  /** [M, 784] */
  readonly testInput: Tensor<[number, 784]>;
  /** [M, 10] */
  readonly testTarget: Tensor<[number, 10]>;
}

/**
 * The practical's training as a learner writes it: a function that is given what it needs, so that it can be run on any
 * data, for any number of steps. It prints the practical's line after each step.
 */
export type Training = (given: {
  readonly loadData: () => Promise<TrainingData>;
  /** Prints one line of the log. */
  readonly print: (line: string) => void;
  /** The number of gradient steps. */
  readonly steps: number;
}) => Promise<void>;
