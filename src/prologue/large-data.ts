import type { Tensor } from '../tensor/index.ts';
import type { Counted, DrawnInputs, DrawnRows, PackedSet } from './drawn/packed-set.ts';
import { inputOf, labelsOf, type OneHotData, oneHot } from './load-data.ts';
import { normalisedValues, statisticsOf } from './pixel-counts.ts';

/** More digits than these stay packed: as float32, in tensors, each would take 3 kB. It is as many as MNIST has. */
export const MOST_IN_TENSORS = 60_000;

/** What `loadData` gives of drawn digits, normalised and with one-hot targets, where there are too many for tensors. */
export interface LargeData extends Omit<OneHotData, 'trainInput' | 'trainTarget'> {
  readonly trainInput: DrawnInputs;
  readonly trainTarget: DrawnRows;
  /** The digits themselves. */
  readonly digits: { readonly train: PackedSet; readonly test: PackedSet };
  /** What was counted of all digits, where these are a part. */
  readonly all: { readonly train: Counted; readonly test: Counted };
}

/**
 * Drawn digits as data. Those to train on stay packed; those to test on, which are few, are unpacked into tensors.
 *
 * @param all what was counted of all digits, where these are a part
 */
export function largeData(train: PackedSet, test: PackedSet, all: LargeData['all'] = { train, test }): LargeData {
  const { mean, std } = statisticsOf(all.train.pixels);
  const values = normalisedValues(mean, std);
  const testSet = test.unpacked();
  const testInput = inputOf(testSet, values, true) as Tensor<[number, number]>;
  const testTarget = oneHot(testInput, labelsOf(testSet), all.test.classes.findLastIndex(count => count > 0) + 1);
  return {
    trainInput: train.inputs(values),
    trainTarget: train.targets(testTarget.size(1), 1, 0),
    ...{ testInput, testTarget },
    ...{ dataset: 'drawn', source: 'drawn', inputShape: testSet.shape },
    ...{ mean, std, normalisation: { mean, std } },
    digits: { train, test },
    all,
  };
}
