import { ENTRY_BYTES, LARGEST_SHARD, shardCount } from './split.ts';

/** What the layout of an engine's memory depends on. */
export interface Sizes {
  readonly hidden: number;
  readonly inputs: number;
  readonly classes: number;
  readonly trainSamples: number;
  readonly testSamples: number;
  /** How many inputs differ from the background; undefined where inputs are stored as they are. */
  readonly entries: { readonly train: number; readonly test: number } | undefined;
  readonly threads: number;
}

/** The words of kernels/plan.ts, class `Plan`, in its order; what they mean is said there. */
// biome-ignore format: the order of the words, in groups
const PLAN = [
  'inputs', 'classes', 'groups', 'width', 'classVectors', 'room', 'sparse', 'tile', 'tiles', 'inputRow',
  'background', 'eta', 'errorBelow',
  'w1', 'w2', 'b1', 'b2', 'w2t', 'dw1', 'dw2', 'db1', 'db2',
  'delta', 'partials', 'partialBytes', 'rowSums', 'chunks', 'chunkStarts', 'pieces',
  'scratch', 'scratchBytes', 'x1', 'z', 'product', 'sums', 'tanh', 'tree', 'threads', 'queue',
  'columnStarts', 'columnEntries', 'train', 'test',
] as const;
const DATA_SET = ['samples', 'shards', 'rowStarts', 'inputs', 'targets', 'losses', 'errors'] as const;

export type Plan = Record<(typeof PLAN)[number], number>;
export type DataSet = Record<(typeof DATA_SET)[number], number>;

const PLAN_AT = 64;
/** Where in the plan the words lie that are no whole numbers. */
export const BACKGROUND_AT: number = PLAN_AT + 4 * PLAN.indexOf('background');
export const ETA_AT: number = PLAN_AT + 4 * PLAN.indexOf('eta');
export const ERROR_BELOW_AT: number = PLAN_AT + 4 * PLAN.indexOf('errorBelow');

/** The sums of one row of a group, in vectors: what a core's registers hold beside the operands. */
const WIDEST = 13;
/** The slice of w1 that is worked on at a time, more or less a core's first cache. Smaller ones cost more for their rows. */
const TILE_BYTES = 41_000;
/** The sums of w1 over its inputs have one part a chunk: their number must not depend on that of the threads. */
const CHUNKS = 32;
/** dℓ/ds1 of all samples is read once a piece. As long as it lies in the second cache, pieces may be small. */
const SECOND_CACHE = 512_000;

/** What tanh.ts keeps between its loops, in bytes. */
const TANH_ROOM = 2048;

/** Sizes and places of everything, and the size of the memory that it takes, in bytes. */
export function layOut(sizes: Sizes): { plan: Plan; train: DataSet; test: DataSet; bytes: number } {
  const { hidden, inputs, classes, threads, entries } = sizes;
  const hiddenVectors = Math.ceil(hidden / 4);
  const groups = Math.ceil(hiddenVectors / WIDEST);
  const width = Math.ceil(hiddenVectors / groups);
  const row = 16 * width;
  const classVectors = Math.ceil(classes / 4);
  const classRow = 16 * classVectors;

  const trainShards = shardCount(sizes.trainSamples);
  const testShards = shardCount(sizes.testSamples);
  const fullest = Math.max(Math.ceil(sizes.trainSamples / trainShards), Math.ceil(sizes.testSamples / testShards));
  const room = 4 * Math.ceil(Math.min(fullest, LARGEST_SHARD) / 4);

  const tiles = Math.ceil(inputs / Math.max(1, Math.floor(TILE_BYTES / row)));
  const tile = Math.ceil(inputs / tiles);
  // an odd number of cache lines, so that one input of many samples does not fall on the same places of the cache
  const inputRow = 64 * (2 * Math.floor(Math.ceil(inputs / 16) / 2) + 1);
  const chunks = Math.min(CHUNKS, inputs);

  let bytes = 2048; // the plan, the threads' words and the kernels' constants lie before
  const place = (size: number): number => {
    const at = bytes;
    bytes += 64 * Math.ceil(size / 64);
    return at;
  };

  const dataSet = (samples: number, shards: number, count: number | undefined): DataSet => ({
    samples,
    shards,
    rowStarts: place(count === undefined ? 0 : 4 * (shards * tiles * room + 1)),
    inputs: place(count === undefined ? shards * room * inputRow : ENTRY_BYTES * count),
    targets: place(shards * room * classRow),
    losses: place(8 * shards),
    errors: place(4 * shards),
  });

  const partialBytes = groups * (4 * classVectors + 1) * row + classRow;
  const x1 = groups * row;
  const z = x1 + groups * room * row;
  const product = z + 2 * room * classRow;
  const sums = product + room * row;
  const tanh = sums + row + 16 * 32;
  const tree = tanh + TANH_ROOM;
  const treeBytes = 2 * Math.ceil(inputs / 2) * row * (32 - Math.clz32(trainShards)); // at most: a piece of all inputs
  const scratchBytes = 64 * Math.ceil((tree + treeBytes) / 64);

  const plan: Plan = {
    ...{ inputs, classes, groups, width, classVectors, room, tile, tiles, inputRow, threads },
    sparse: entries === undefined ? 0 : 1,
    ...{ background: 0, eta: 0, errorBelow: 0 },
    w1: place(groups * inputs * row),
    w2: place(groups * 4 * classVectors * row),
    b1: place(groups * row),
    b2: place(classRow),
    w2t: place(groups * 4 * width * classRow),
    dw1: place(groups * inputs * row),
    dw2: place(groups * 4 * classVectors * row),
    db1: place(groups * row),
    db2: place(classRow),
    delta: place(trainShards * groups * room * row),
    partials: place(trainShards * partialBytes),
    partialBytes,
    rowSums: place(chunks * groups * row),
    chunks,
    chunkStarts: place(4 * (chunks + 1)),
    pieces: trainShards * room * row <= SECOND_CACHE ? chunks : Math.min(threads, chunks),
    scratch: place(threads * scratchBytes),
    scratchBytes,
    ...{ x1, z, product, sums, tanh, tree },
    queue: place(64 * threads),
    columnStarts: place(entries ? 4 * (trainShards * inputs + 1) : 0),
    columnEntries: place(ENTRY_BYTES * (entries?.train ?? 0)),
    train: place(4 * DATA_SET.length),
    test: place(4 * DATA_SET.length),
  };
  return {
    plan,
    train: dataSet(sizes.trainSamples, trainShards, entries?.train),
    test: dataSet(sizes.testSamples, testShards, entries?.test),
    bytes,
  };
}

/** Writes the words that the kernels read. */
export function writePlan(buffer: ArrayBufferLike, plan: Plan, train: DataSet, test: DataSet): void {
  new Uint32Array(buffer, PLAN_AT, PLAN.length).set(PLAN.map(name => plan[name]));
  new Uint32Array(buffer, plan.train, DATA_SET.length).set(DATA_SET.map(name => train[name]));
  new Uint32Array(buffer, plan.test, DATA_SET.length).set(DATA_SET.map(name => test[name]));
}
