import { DATA_AT, dataSetWords, PLAN_AT, planWords, TANH_BLOCK, WIDEST } from './plan.generated.ts';
import { ENTRY_BYTES, LARGEST_SHARD, type ShardRange, shardCount } from './split.ts';

/** What the layout of an engine's memory depends on. */
export interface Sizes {
  readonly hidden: number;
  readonly inputs: number;
  readonly classes: number;
  readonly trainSamples: number;
  readonly testSamples: number;
  /** The shards of the training samples that are kept; all of them unless asked otherwise. */
  readonly kept?: ShardRange | undefined;
  /**
   * The training inputs' most frequent value, and how many of the inputs kept differ from it; undefined where inputs are stored as
   * they are.
   */
  readonly sparse: { readonly background: number; readonly train: number; readonly test: number } | undefined;
  readonly errorBelow: number;
  readonly threads: number;
}

/** What the kernels read, word by word; what the words mean is said in kernels/plan.ts. */
export type Plan = Record<keyof typeof planWords, number>;
export type DataSet = Record<keyof typeof dataSetWords, number>;

/** Where the words lie that change from step to step. */
export const ETA_AT: number = addressOf('eta');
export const SHARDS_AT: number = addressOf('firstShard');
export const THREADS_AT: number = addressOf('threads');

function addressOf(word: keyof typeof planWords): number {
  return PLAN_AT + 4 * Object.keys(planWords).indexOf(word);
}

/** The slice of w1 that is worked on at a time, more or less a core's first cache. Smaller ones cost more for their rows. */
const TILE_BYTES = 41_000;
/** The sums of w1 over its inputs have one part a chunk: their number must not depend on that of the threads. */
const CHUNKS = 32;
/** dℓ/ds1 of all samples is read once a piece. As long as it lies in the second cache, pieces may be small. */
const SECOND_CACHE = 512_000;

/**
 * Sizes and places of everything, and the size of the memory that it takes, in bytes. Shards keep their numbers where
 * only some of them are kept, and so what lies shard by shard is placed where the first one of all would lie, before the
 * memory's beginning perhaps: addresses are of 32 bits, and a shard that is kept lies within.
 */
export interface Layout {
  readonly plan: Plan;
  readonly train: DataSet;
  readonly test: DataSet;
  readonly kept: ShardRange;
  readonly bytes: number;
}

export function layOut(sizes: Sizes): Layout {
  const { hidden, inputs, classes, threads, sparse } = sizes;
  const hiddenVectors = Math.ceil(hidden / 4);
  const groups = Math.ceil(hiddenVectors / WIDEST);
  const width = Math.ceil(hiddenVectors / groups);
  const row = 16 * width;
  const classVectors = Math.ceil(classes / 4);
  const classRow = 16 * classVectors;

  const trainShards = shardCount(sizes.trainSamples);
  const testShards = shardCount(sizes.testSamples);
  const { kept = { first: 0, end: trainShards } } = sizes;
  const keptShards = kept.end - kept.first;
  const fullest = Math.max(Math.ceil(sizes.trainSamples / trainShards), Math.ceil(sizes.testSamples / testShards));
  const room = 4 * Math.ceil(Math.min(fullest, LARGEST_SHARD) / 4);

  const tiles = Math.ceil(inputs / Math.max(1, Math.floor(TILE_BYTES / row)));
  const tile = Math.ceil(inputs / tiles);
  // an odd number of cache lines, so that one input of many samples does not fall on the same places of the cache
  const inputRow = 64 * (2 * Math.floor(Math.ceil(inputs / 16) / 2) + 1);
  const chunks = Math.min(CHUNKS, inputs);

  let bytes = DATA_AT;
  const place = (size: number): number => {
    const at = bytes;
    bytes += 64 * Math.ceil(size / 64);
    return at;
  };
  /** So many bytes a shard for those of a range, and `more` at the end. */
  const placeShards = ({ first, end }: ShardRange, size: number, more = 0): number =>
    place((end - first) * size + more) - first * size;

  const dataSet = (samples: number, shards: number, range: ShardRange, count: number | undefined): DataSet => ({
    samples,
    shards,
    rowStarts: count === undefined ? 0 : placeShards(range, 4 * tiles * room, 4),
    inputs: count === undefined ? placeShards(range, room * inputRow) : place(ENTRY_BYTES * count),
    targets: placeShards(range, room * classRow),
    losses: placeShards(range, 8),
    errors: placeShards(range, 4),
  });

  const partialBytes = groups * (4 * classVectors + 1) * row + classRow;
  const x1 = groups * row;
  const z = x1 + groups * room * row;
  const product = z + 2 * room * classRow;
  const sums = product + room * row;
  const tanh = sums + row + 32 * 32;
  const tree = tanh + 2 * TANH_BLOCK;
  const treeBytes = 2 * Math.ceil(inputs / 2) * row * (32 - Math.clz32(keptShards)); // at most: a piece of all inputs
  const scratchBytes = 64 * Math.ceil((tree + treeBytes) / 64);

  const plan: Plan = {
    ...{ inputs, classes, groups, width, classVectors, room, tile, tiles, inputRow, threads },
    sparse: sparse === undefined ? 0 : 1,
    ...{ background: sparse?.background ?? 0, eta: 0, errorBelow: sizes.errorBelow },
    ...{ firstShard: 0, endShard: trainShards },
    w1: place(groups * inputs * row),
    w2: place(groups * 4 * classVectors * row),
    b1: place(groups * row),
    b2: place(classRow),
    w2t: place(groups * 4 * width * classRow),
    dw1: place(groups * inputs * row),
    dw2: place(groups * 4 * classVectors * row),
    db1: place(groups * row),
    db2: place(classRow),
    delta: placeShards(kept, groups * room * row),
    partials: placeShards(kept, partialBytes),
    partialBytes,
    responses: place(Math.max(keptShards, testShards) * room * classRow),
    rowSums: place(chunks * groups * row),
    chunks,
    chunkStarts: place(4 * (chunks + 1)),
    pieces: keptShards * room * row <= SECOND_CACHE ? chunks : Math.min(threads, chunks),
    scratch: place(threads * scratchBytes),
    scratchBytes,
    ...{ x1, z, product, sums, tanh, tree },
    queue: place(64 * threads),
    columnStarts: sparse ? placeShards(kept, 4 * inputs, 4) : 0,
    columnEntries: place(ENTRY_BYTES * (sparse?.train ?? 0)),
    train: place(4 * Object.keys(dataSetWords).length),
    test: place(4 * Object.keys(dataSetWords).length),
  };
  return {
    plan,
    train: dataSet(sizes.trainSamples, trainShards, kept, sparse?.train),
    test: dataSet(sizes.testSamples, testShards, { first: 0, end: testShards }, sparse?.test),
    kept,
    bytes,
  };
}

/** Writes the words that the kernels read. */
export function writePlan(buffer: ArrayBufferLike, { plan, train, test }: Layout): void {
  writeWords(buffer, PLAN_AT, planWords, plan);
  writeWords(buffer, plan.train, dataSetWords, train);
  writeWords(buffer, plan.test, dataSetWords, test);
}

function writeWords<Name extends string>(
  buffer: ArrayBufferLike,
  at: number,
  words: Readonly<Record<Name, 'u32' | 'f32'>>,
  values: Readonly<Record<Name, number>>,
): void {
  const names = Object.keys(words) as Name[];
  const memory = { u32: new Uint32Array(buffer, at, names.length), f32: new Float32Array(buffer, at, names.length) };
  names.forEach((name, i) => {
    memory[words[name]][i] = values[name];
  });
}
