/** How a learner's training is called: on twenty samples that are made, for five steps. */
export const STEPS = 5;
export const ETA = 0.1;
export const ZETA = 0.9;
export const EPSILON = 1e-6;

/** Of N training and M test samples. That N and M differ shows which of them something was divided by. */
export const TRAIN = 20;
export const TEST = 12;
export const CLASSES = 10;

/** The first class is the most frequent one in training and rare in the test set, so that the two errors differ. */
export const trainLabels: readonly number[] = [3, 3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 0, 0, 2, 4, 5, 6, 7, 8, 9];
export const testLabels: readonly number[] = [3, 3, 1, 1, 0, 2, 4, 5, 6, 7, 8, 9];

/** The right class of a sample, by its number: in the training set or, from TRAIN on, in the test set. */
export function labelOf(sample: number): number {
  return sample < TRAIN ? trainLabels[sample]! : testLabels[sample - TRAIN]!;
}
