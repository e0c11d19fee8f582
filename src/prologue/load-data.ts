import { LonghandError, Tensor, zeros } from '../tensor/index.ts';
import { wantsTensor } from '../tensor/operands.ts';
import { catalogue, type SetName } from './catalogue.ts';
import { drawnDigits } from './drawn/index.ts';
import type { RawSet } from './packing.ts';
import { countsOf, normalisedValues, statisticsOf } from './pixel-counts.ts';
import { type ReadOptions, readSet } from './sets.ts';

/** The sets that can be asked for: those that lie in files, and the digits that Longhand draws itself. */
export type DataSetName = SetName | 'drawn';
export const dataSetNames: readonly DataSetName[] = [...(Object.keys(catalogue) as SetName[]), 'drawn'];

export interface LoadOptions extends Pick<ReadOptions, 'dataDir' | 'download' | 'onProgress' | 'onNote' | 'signal'> {
  /** `mnist` unless asked otherwise; `drawn` needs no file; `cifar: true` is short for `cifar10`. */
  readonly dataset?: DataSetName;
  readonly cifar?: boolean;
  /** Targets N × classes, 1 at the label and 0 elsewhere, instead of labels. */
  readonly oneHotLabels?: boolean;
  /** Subtract from all pixels the mean of the training set's, and divide by their standard deviation (unbiased). */
  readonly normalize?: boolean;
  /** Each sample as one row of pixels, not as channels × rows × columns; true unless asked otherwise. */
  readonly flatten?: boolean;
  /** All samples. */
  readonly full?: boolean;
  /** 500 training and 100 test samples. */
  readonly tiny?: boolean;
  /** Where the helper's messages go; to the console unless asked otherwise. */
  readonly log?: (line: string) => void;
}

// The types tell as much as the options do: of a flag that may be true or false, both; of a set that may be any, number.
type Given<O, K extends keyof LoadOptions> = K extends keyof O ? O[K] : undefined;
type PixelsOf<Name> = Name extends 'cifar10' ? 3072 : 784;
type Pixels<O> =
  Given<O, 'cifar'> extends true
    ? 3072
    : PixelsOf<Given<O, 'dataset'>> | (true extends Given<O, 'cifar'> ? 3072 : never);
type Length<D> = [D] extends [784] ? 784 : [D] extends [3072] ? 3072 : number;
type Input<O> =
  | (false extends Given<O, 'flatten'> ? Tensor<[number, number, number, number]> : never)
  | (Given<O, 'flatten'> extends false ? never : Tensor<[number, Length<Pixels<O>>]>);
type Target<O> =
  | (true extends Given<O, 'oneHotLabels'> ? Tensor<[number, number]> : never)
  | (Given<O, 'oneHotLabels'> extends true ? never : Tensor<[number]>);

/** Training and test samples, pixels as 0 … 255 or normalised; targets are labels (int64) or one-hot rows. */
export interface LoadedData<I extends Tensor = Tensor, T extends Tensor = Tensor> {
  readonly trainInput: I;
  readonly trainTarget: T;
  readonly testInput: I;
  readonly testTarget: T;
  /** The name of the data set. */
  readonly dataset: string;
  /** Channels, rows and columns of a sample. */
  readonly inputShape: readonly [channels: number, rows: number, columns: number];
  /** What was subtracted from the pixels and what they were then divided by: 0 and 1 where they were left as they are. */
  readonly normalisation: { readonly mean: number; readonly std: number };
  /** Mean and standard deviation of the training pixels, 0 … 255, whether or not they were used. */
  readonly mean: number;
  readonly std: number;
  /** Where the set came from: a folder, or `drawn`. */
  readonly source: string;
}

/** Data with one-hot targets and flat inputs: what a training takes. */
export type OneHotData<D extends number = number> = LoadedData<Tensor<[number, D]>, Tensor<[number, number]>>;

/**
 * `load_data` of the practical's helper file: the **first** 1,000 training and 1,000 test images (`tiny`: 500 and 100;
 * `full`: all of them), as float32, N × 784 (CIFAR: N × 3072).
 *
 * @example
 * const data = await loadData({ dataset: 'drawn', oneHotLabels: true, normalize: true }); // MNIST without `dataset`
 * console.log(data.trainInput.shape, data.trainTarget.shape); // [1000, 784], [1000, 10]
 *
 * @throws LonghandError for `full` with `tiny`, a dataset that is none, or a dataDir that is no path.
 * @throws DataError where the files are missing or damaged.
 */
export async function loadData<const O extends LoadOptions = Record<never, never>>(
  options: O = {} as O,
): Promise<LoadedData<Input<O>, Target<O>>> {
  const { cifar = false, dataset = cifar ? 'cifar10' : 'mnist', normalize = false, flatten = true } = options;
  const { full = false, tiny = false, oneHotLabels = false, log = console.log } = options;
  options.signal?.throwIfAborted();
  if (!dataSetNames.includes(dataset))
    throw new LonghandError(
      `loadData: dataset is ${JSON.stringify(dataset)}; it wants one of ${dataSetNames.join(', ')}`,
    );
  if (typeof log !== 'function') throw new LonghandError(`loadData: log is ${log}; it wants a function`);
  if (full && tiny) throw new LonghandError('Cannot have both --full and --tiny');
  if (cifar && dataset !== 'cifar10') throw new LonghandError(`loadData: cifar and the dataset ${dataset}; choose one`);

  const used = full ? undefined : tiny ? firstSamples.tiny : firstSamples.reduced;
  const { train, test, source } = dataset === 'drawn' ? drawnSet(used) : await readSet(dataset, options);
  log(`* Using ${dataset === 'drawn' ? 'drawn digits' : dataset === 'cifar10' ? 'CIFAR' : catalogue[dataset].title}`);
  if (!full) log(reducedNote(tiny ? 'tiny' : 'reduced'));
  const trainSet = first(used?.train ?? train.count, train);
  const testSet = first(used?.test ?? test.count, test);
  log(`** Use ${trainSet.count} train and ${testSet.count} test samples`);

  const given = { dataset, source, trainSet, testSet };
  return preparedData(given, { normalize, flatten, oneHotLabels }) as LoadedData<Input<O>, Target<O>>;
}

/** What the helper file says where not all samples are used. */
export function reducedNote(size: keyof typeof firstSamples): string {
  return size === 'tiny'
    ? '** Reduce the data-set to the tiny setup'
    : '** Reduce the data-set (use --full for the full thing)';
}

/** `load_data` of samples that are at hand: those of `trainSet` and `testSet`, all of them. */
export function preparedData(
  { dataset, source, trainSet, testSet }: { dataset: string; source: string; trainSet: RawSet; testSet: RawSet },
  { normalize, flatten, oneHotLabels }: { normalize: boolean; flatten: boolean; oneHotLabels: boolean },
): LoadedData {
  const { mean, std } = statisticsOf(countsOf(trainSet.images));
  const value = normalize ? normalisedValues(mean, std) : Float32Array.from({ length: 256 }, (_, v) => v);
  const [trainLabels, testLabels] = [labelsOf(trainSet), labelsOf(testSet)];
  // of a few samples either set may lack a class that the other has
  const classes = Math.max(trainLabels.max().item(), testLabels.max().item()) + 1;
  const target = (input: Tensor, labels: Tensor<[number]>): Tensor =>
    oneHotLabels ? oneHot(input, labels, classes) : labels;
  const trainInput = inputOf(trainSet, value, flatten);
  const testInput = inputOf(testSet, value, flatten);
  return {
    trainInput,
    trainTarget: target(trainInput, trainLabels),
    testInput,
    testTarget: target(testInput, testLabels),
    dataset,
    inputShape: trainSet.shape,
    normalisation: normalize ? { mean, std } : { mean: 0, std: 1 },
    mean,
    std,
    source,
  };
}

export function labelsOf({ labels, count }: RawSet): Tensor<[number]> {
  return new Tensor(Float64Array.from(labels), [count], 'int64');
}

/** `convert_to_one_hot_labels`: a row a label, 1 at the label and 0 elsewhere, of the type of `input`. */
export function convertToOneHotLabels(input: Tensor, target: Tensor<[number]>): Tensor<[number, number]> {
  for (const given of [input, target]) wantsTensor('convertToOneHotLabels', given);
  return oneHot(input, target, target.max().item() + 1);
}

/** The same, where there may be more classes than among these labels. */
export function oneHot(input: Tensor, labels: Tensor<[number]>, classes: number): Tensor<[number, number]> {
  return zeros([labels.numel(), classes], input).scatter_(1, labels.view(-1, 1), 1);
}

/** How many of the first samples are used where not all of them are. */
export const firstSamples = { tiny: { train: 500, test: 100 }, reduced: { train: 1000, test: 1000 } } as const;

/** So many digits are drawn to train on, unless otherwise as many as MNIST has; and to test on as many, up to 10,000. */
export function drawnCounts(train = 60_000): { train: number; test: number } {
  return { train, test: Math.min(train, 10_000) };
}

/** As many drawn digits as are used: the first ones are the same however many there are. */
export function drawnSet({ train, test }: { train: number; test: number } = drawnCounts()): {
  train: RawSet;
  test: RawSet;
  source: string;
} {
  const draw = (set: 'train' | 'test', count: number): RawSet => ({
    ...drawnDigits({ count, set }),
    count,
    shape: [1, 28, 28],
  });
  return { train: draw('train', train), test: draw('test', test), source: 'drawn' };
}

/** The first samples of a set, or all of it where it has no more. */
export function first(count: number, set: RawSet): RawSet {
  const n = Math.min(count, set.count);
  const size = set.images.length / set.count;
  return { images: set.images.subarray(0, n * size), labels: set.labels.subarray(0, n), count: n, shape: set.shape };
}

/** The pixels of a set as what `value` has for each. */
export function inputOf({ images, count, shape }: RawSet, value: Float32Array, flatten: boolean): Tensor {
  const data = new Float32Array(images.length);
  for (let i = 0; i < data.length; i++) data[i] = value[images[i]!]!;
  return new Tensor(data, flatten ? [count, shape[0] * shape[1] * shape[2]] : [count, ...shape], 'float32');
}
