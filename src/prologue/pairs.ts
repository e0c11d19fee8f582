import { LonghandError, randperm, type Tensor } from '../tensor/index.ts';
import { wantsTensor } from '../tensor/operands.ts';
import { type LoadOptions, loadData } from './load-data.ts';

/** Pairs of 14 × 14 digits, and whether the first of each is less than or equal to the second. */
export interface Pairs {
  /** nb × 2 × 14 × 14, pixels 0 … 255. */
  readonly input: Tensor<[number, 2, 14, 14]>;
  /** nb labels, 1 where the first digit ≤ the second, else 0. */
  readonly target: Tensor<[number]>;
  /** nb × 2 labels, the digits themselves. */
  readonly classes: Tensor<[number, 2]>;
}

/**
 * `mnist_to_pairs`: draws `nb` pairs from N × 1 × 28 × 28 images without repetition, by `randperm`, and halves their
 * size by averaging 2 × 2 pixels.
 *
 * @throws LonghandError where there are fewer than 2 nb images.
 */
export function mnistToPairs(
  nb: number,
  input: Tensor<[number, number, number, number]>,
  target: Tensor<[number]>,
): Pairs {
  for (const given of [input, target]) wantsTensor('mnistToPairs', given);
  const N = input.size(0);
  if (!Number.isInteger(nb) || nb < 1 || 2 * nb > N) {
    throw new LonghandError(`mnistToPairs: ${nb} pairs of ${N} images; it can make 1 to ${Math.floor(N / 2)}`);
  }
  const chosen = randperm(N).narrow(0, 0, 2 * nb);
  const images = input.indexSelect(0, chosen).view(2 * nb, 14, 2, 14, 2);
  const halved = images.mean(4).mean(2).view(nb, 2, 14, 14);
  const classes = target.indexSelect(0, chosen).view(nb, 2);
  const isOrdered = classes.select(1, 0).le(classes.select(1, 1)) as Tensor<[number]>;
  return { input: halved as Pairs['input'], target: isOrdered.long(), classes };
}

/** What the helper file's `generate_pair_sets` returns. */
export interface PairSets {
  readonly trainInput: Pairs['input'];
  readonly trainTarget: Pairs['target'];
  readonly trainClasses: Pairs['classes'];
  readonly testInput: Pairs['input'];
  readonly testTarget: Pairs['target'];
  readonly testClasses: Pairs['classes'];
}

/** `generate_pair_sets`: `nb` pairs from all of MNIST's training images, then `nb` from its test images. */
export async function generatePairSets(nb: number, options: Pick<LoadOptions, 'dataDir'> = {}): Promise<PairSets> {
  const data = await loadData({ ...options, full: true, flatten: false, log: () => {} });
  const train = mnistToPairs(nb, data.trainInput, data.trainTarget);
  const test = mnistToPairs(nb, data.testInput, data.testTarget);
  return {
    trainInput: train.input,
    trainTarget: train.target,
    trainClasses: train.classes,
    testInput: test.input,
    testTarget: test.target,
    testClasses: test.classes,
  };
}
