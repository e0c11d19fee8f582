import type { Problem } from '../engine/engine.ts';
import { rowsOf } from '../engine/rows.ts';
import type { ShardRange } from '../engine/split.ts';
import { shardCount, shardStart } from '../engine/split.ts';
import {
  type AboutSamples,
  aboutSamples,
  eachTensor,
  type Samples,
  type TensorName,
  tensorNames,
} from '../prologue/four-tensors.ts';
import type { OneHotData } from '../prologue/index.ts';
import { LonghandError, Tensor } from '../tensor/index.ts';
import type { Ranks } from './ranks.ts';
import { sharesOf } from './shares.ts';

/** What a rank must know of all samples, beside those that it has. */
export interface Whole {
  readonly trainCount: number;
  readonly testCount: number;
  /** The most frequent training input, where it is frequent enough to be left out. */
  readonly background: number | undefined;
}

/** Samples from `first` to before `end`. */
type Range = ShardRange;

/**
 * The samples of each rank: of the training set those of its shards, of the test set as many as the others have.
 *
 * @throws LonghandError where there are too few for so many ranks.
 */
export function partsOf(
  { trainCount, testCount }: Pick<Whole, 'trainCount' | 'testCount'>,
  size: number,
): { train: Range; test: Range; shards: Range }[] {
  const all = shardCount(trainCount);
  return sharesOf(all, size).map((shards, rank) => {
    const train = {
      first: shardStart(trainCount, all, shards.first),
      end: shardStart(trainCount, all, shards.end),
    };
    const test = { first: Math.floor((testCount * rank) / size), end: Math.floor((testCount * (rank + 1)) / size) };
    if (train.first === train.end || test.first === test.end)
      throw new LonghandError(
        `train: ${trainCount} training and ${testCount} test samples are too few for ${size} ranks; start fewer`,
      );
    return { train, test, shards };
  });
}

/** What rank 0 tells of the data that it has, beside the samples themselves. */
interface Description {
  readonly whole: Whole;
  readonly about: AboutSamples;
  /** How many numbers a row of each tensor has. */
  readonly lengths: Readonly<Record<TensorName, number>>;
}

/** A rank's part of the data that rank 0 has loaded. The others wait for as long as that takes, an hour at the most. */
export async function handOut(ranks: Ranks, all?: OneHotData): Promise<{ data: OneHotData; whole: Whole }> {
  const { whole, about, lengths } = await ranks.fromFirst<Description>(all && describe(all), 3600);
  const parts = partsOf(whole, ranks.size);
  if (all !== undefined) {
    const sends = ranks.others.flatMap(rank => {
      const part = partOf(all, parts[rank]!);
      return tensorNames.map(name => ({ rank, data: rowsOf(part[name]).rows(0, part[name].size(0)) }));
    });
    await ranks.exchange(sends, []);
    return { data: all, whole };
  }
  const { train, test } = parts[ranks.rank]!;
  const samples = eachTensor(name => {
    const { first, end } = name.startsWith('train') ? train : test;
    const shape: [number, number] = [end - first, lengths[name]];
    return new Tensor(new Float32Array(shape[0] * shape[1]), shape, 'float32');
  });
  await ranks.exchange(
    [],
    tensorNames.map(name => ({ rank: 0, data: samples[name].elements() as Float32Array })),
  );
  return { data: { ...about, ...samples }, whole };
}

function describe(data: OneHotData): Description {
  const { trainInput, testInput } = data;
  const whole = {
    trainCount: trainInput.size(0),
    testCount: testInput.size(0),
    background: rowsOf(trainInput).background()?.value,
  };
  return { whole, about: aboutSamples(data), lengths: eachTensor(name => data[name].size(1)) };
}

/** The samples of one rank among all: of data, or of a problem. Nothing is copied. */
export function partOf<All extends Samples | Problem>(all: All, { train, test }: { train: Range; test: Range }): All {
  return {
    ...testPartOf(all, test),
    trainInput: narrowed(all.trainInput, train),
    trainTarget: narrowed(all.trainTarget, train),
  };
}

/** The test samples of one rank among all; the others are left as they are. */
export function testPartOf<All extends Pick<Samples, 'testInput' | 'testTarget'>>(all: All, test: Range): All {
  return { ...all, testInput: narrowed(all.testInput, test), testTarget: narrowed(all.testTarget, test) };
}

const narrowed = (tensor: Tensor<[number, number]>, { first, end }: Range): Tensor<[number, number]> =>
  tensor.narrow(0, first, end - first);
