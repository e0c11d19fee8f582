import type { OneHotData } from './prologue/index.ts';
import { dataSetNames } from './prologue/load-data.ts';
import { Generator, LonghandError, randperm, Tensor, type TypedArray, tensor, zeros } from './tensor/index.ts';

/** Numbers, or rows of them, or rows of rows. */
export type Rows = TypedArray | readonly (number | Rows)[];

/** Samples with the class of each. */
export interface LabelledSamples {
  /**
   * N samples of one shape: N rows of D numbers, N images as rows of rows, or with their channels before these. Arrays or
   * a tensor, whose first dimension is N; a tensor takes far less memory where there are many.
   */
  readonly inputs: Rows | Tensor<number[]>;
  /** N whole numbers from 0 on. */
  readonly labels: Rows | Tensor<number[]>;
}

/** Data of your own, from which `problemOf` makes a problem. */
export interface OwnData extends LabelledSamples {
  /** What they are called, in what is saved as well: `own data` unless asked otherwise. */
  readonly name?: string;
  /**
   * What to test on: samples of their own, or the share of the samples that is put aside for it, drawn at random but
   * always the same ones; 0.2 unless asked otherwise.
   */
  readonly test?: LabelledSamples | number;
  /** Subtract the mean of the training inputs from all, and divide by their standard deviation; true unless asked otherwise. */
  readonly normalize?: boolean;
  /** How many classes there are; one more than the largest label unless asked otherwise. */
  readonly classes?: number;
}

/** More than a file of ours can tell apart. */
const MOST_CLASSES = 1000;

/**
 * The form that `loadData` gives data, for samples of one's own.
 *
 * @throws LonghandError where inputs, labels and options do not go together, or hold what is no number.
 */
export function ownData({ name = 'own data', test = 0.2, normalize = true, classes, ...samples }: OwnData): OneHotData {
  if (dataSetNames.some(known => known === name))
    wrong(`name is ${JSON.stringify(name)}, which is a data set of Longhand's; it wants another`);
  const all = read('inputs', samples);
  const { train, test: tests } =
    typeof test === 'number' ? parted(all, test) : { train: all, test: read('test', test) };
  const shape = train.inputs.shape.slice(1);
  if (tests.inputs.shape.slice(1).join() !== shape.join())
    wrong(
      `a test input is [${tests.inputs.shape.slice(1).join(', ')}]; as the training inputs it wants [${shape.join(', ')}]`,
    );

  const largest = Math.max(train.labels.max().item(), tests.labels.max().item());
  const count = classes ?? largest + 1;
  if (!Number.isInteger(count) || count <= largest || count > MOST_CLASSES)
    wrong(
      `classes is ${count} and the largest label ${largest}; it wants a whole number from ${largest + 1} to ${MOST_CLASSES}`,
    );

  const { mean, std } = statisticsOf(train.inputs);
  if (normalize && !(std > 0)) wrong(`every training input is ${mean}; from such nothing can be told apart`);
  const flat = (inputs: Tensor): Tensor<[number, number]> => {
    const rows = inputs.view(inputs.size(0), -1) as Tensor<[number, number]>;
    return normalize ? rows.sub(Math.fround(mean)).div(Math.fround(std)) : rows;
  };
  const oneHot = (labels: Tensor): Tensor<[number, number]> =>
    zeros(labels.numel(), count).scatter_(1, labels.view(-1, 1), 1);
  return {
    trainInput: flat(train.inputs),
    trainTarget: oneHot(train.labels),
    testInput: flat(tests.inputs),
    testTarget: oneHot(tests.labels),
    dataset: name,
    inputShape: [1, 1, 1, ...shape].slice(-3) as [number, number, number],
    normalisation: normalize ? { mean, std } : { mean: 0, std: 1 },
    ...{ mean, std, source: name },
  };
}

interface Samples {
  readonly inputs: Tensor;
  readonly labels: Tensor;
}

/** As float32 and int64, each looked at. `what` is the option that they came by. */
function read(what: string, { inputs, labels }: LabelledSamples): Samples {
  const of = (values: Rows | Tensor<number[]>): Tensor =>
    (values instanceof Tensor ? values : tensor(values as readonly number[])) as Tensor;
  const [x, y] = [of(inputs), of(labels)];
  const size = x.shape.join(', ');
  if (x.dim() < 2 || x.dim() > 4)
    wrong(`${what} is [${size}]; it wants [N, D], [N, rows, columns] or [N, channels, rows, columns]`);
  if (x.numel() === 0) wrong(`${what} is [${size}]; it wants at least one sample, of at least one number`);
  if (y.dim() !== 1 || y.size(0) !== x.size(0))
    wrong(
      `${what} is [${size}] and its labels are [${y.shape.join(', ')}]; it wants a label for each sample, [${x.size(0)}]`,
    );
  const strange = x.elements().findIndex(value => !Number.isFinite(value));
  if (strange !== -1)
    wrong(
      `${what} holds ${x.elements()[strange]} in sample ${Math.floor((strange * x.size(0)) / x.numel())}; it wants finite numbers`,
    );
  const at = y.elements().findIndex(label => !Number.isInteger(label) || label < 0 || label >= MOST_CLASSES);
  if (at !== -1)
    wrong(`the label of sample ${at} is ${y.elements()[at]}; it wants a whole number from 0 to ${MOST_CLASSES - 1}`);
  return { inputs: x.to('float32'), labels: y.to('int64') };
}

/** Puts a share of the samples aside. Drawn, for samples often come sorted by their class. */
function parted({ inputs, labels }: Samples, share: number): { train: Samples; test: Samples } {
  const count = inputs.size(0);
  if (!(share > 0 && share < 1)) wrong(`test is ${share}; it wants samples of their own, or a share between 0 and 1`);
  if (count < 2) wrong('there is one sample, and none to test on; it wants two at least');
  const order = randperm(count, new Generator(0));
  const aside = Math.min(count - 1, Math.max(1, Math.round(share * count)));
  const those = (from: number, length: number): Samples => {
    const index = order.narrow(0, from, length);
    return { inputs: inputs.indexSelect(0, index), labels: labels.indexSelect(0, index) };
  };
  return { train: those(aside, count - aside), test: those(0, aside) };
}

/** Mean and unbiased standard deviation of all numbers. */
function statisticsOf(inputs: Tensor): { mean: number; std: number } {
  const values = inputs.elements();
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return { mean, std: Math.sqrt(squares / (values.length - 1)) };
}

function wrong(why: string): never {
  throw new LonghandError(`problemOf: ${why}`);
}
