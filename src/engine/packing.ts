/**
 * What tensors have by rows, where the kernels want it: shard by shard, and by groups of hidden units. And back: copies,
 * for a tensor never looks into an engine's memory.
 */
import { Tensor } from '../tensor/index.ts';
import type { LargeProblem, Parameters, Problem } from './engine.ts';
import type { DataSet, Layout, Plan } from './layout.ts';
import { type Rows, rowsOf } from './rows.ts';
import {
  balancedChunks,
  Entries,
  type ShardRange,
  shardRows,
  shardStart,
  splitByColumns,
  splitByTiles,
} from './split.ts';

/**
 * Writes inputs and targets of both sets, of the training samples those of the shards kept. Answers how many entries each
 * input has in them.
 */
export function writeProblem(
  buffer: ArrayBufferLike,
  { plan, train, test, kept }: Layout,
  problem: Problem | LargeProblem,
): Uint32Array {
  const all = { first: 0, end: test.shards };
  const trainInput = rowsOf(problem.trainInput);
  writeRows(buffer, plan, train, kept, trainInput);
  writeRows(buffer, plan, test, all, rowsOf(problem.testInput));
  const targetRow = 4 * plan.classVectors;
  writePadded(buffer, train.targets, rowsOf(problem.trainTarget), kept, plan.room, targetRow);
  writePadded(buffer, test.targets, rowsOf(problem.testTarget), all, plan.room, targetRow);
  return writeColumns(buffer, plan, kept, trainInput);
}

/** Writes rows shard by shard, each shard with its room and each row with its padding. */
function writePadded(
  buffer: ArrayBufferLike,
  at: number,
  given: Rows,
  range: ShardRange,
  room: number,
  stride: number,
): void {
  const [, length] = given.shape;
  const shardBytes = 4 * room * stride;
  let place = at + range.first * shardBytes;
  for (const { data, count } of shardRows(given, range)) {
    const target = new Float32Array(buffer, place, room * stride);
    for (let n = 0; n < count; n++) target.set(data.subarray(n * length, (n + 1) * length), n * stride);
    place += shardBytes;
  }
}

/** The inputs for the forward pass; where they are dense, for both passes. */
function writeRows(buffer: ArrayBufferLike, plan: Plan, set: DataSet, range: ShardRange, rows: Rows): void {
  if (!plan.sparse) {
    writePadded(buffer, set.inputs, rows, range, plan.room, plan.inputRow / 4);
    return;
  }
  const perShard = plan.tiles * plan.room;
  splitByTiles(rows, range, plan.background, plan, {
    starts: new Uint32Array(
      buffer,
      set.rowStarts + 4 * range.first * perShard,
      (range.end - range.first) * perShard + 1,
    ),
    entries: new Entries(buffer, set.inputs, 16 * plan.width),
  });
}

/** The training inputs for the backward pass. Answers how many entries each of them has. */
function writeColumns(buffer: ArrayBufferLike, plan: Plan, { first, end }: ShardRange, rows: Rows): Uint32Array {
  if (!plan.sparse) return new Uint32Array(plan.inputs);
  return splitByColumns(rows, { first, end }, plan.background, {
    starts: new Uint32Array(buffer, plan.columnStarts + 4 * first * plan.inputs, (end - first) * plan.inputs + 1),
    entries: new Entries(buffer, plan.columnEntries, 16 * plan.width),
  });
}

/** Writes the chunks that the inputs are cut into, by how many entries each input has in all of the training set. */
export function writeChunks(buffer: ArrayBufferLike, { plan, train }: Layout, entries: Uint32Array): void {
  // an input without entries is work as well: its sums are stored and its weights updated
  const withOverhead = entries.map(count => count + 4 * train.shards);
  new Uint32Array(buffer, plan.chunkStarts, plan.chunks + 1).set(balancedChunks(withOverhead, plan.chunks));
}

/**
 * Calls `each` for every hidden unit h and each of the first `count` rows of a matrix of the kernels, [groups][rows][units
 * of a group], with the place where unit and row meet, in floats.
 */
function eachWeight(
  {
    plan,
    hidden,
    at,
    rows,
  }: { readonly plan: Plan; readonly hidden: number; readonly at: number; readonly rows: number },
  count: number,
  each: (place: number, h: number, row: number) => void,
): void {
  const units = 4 * plan.width;
  for (let h = 0; h < hidden; h++) {
    let place = at / 4 + Math.floor(h / units) * rows * units + (h % units);
    for (let row = 0; row < count; row++, place += units) each(place, h, row);
  }
}

/** Where parameters, or the sums of their gradients, which lie alike, begin. */
type Places = Readonly<Record<keyof Parameters, number>>;

/** Where the weights of the first layer lie; a row is an input. */
const w1Of = (plan: Plan, hidden: number, at: Places) => ({ plan, hidden, at: at.w1, rows: plan.inputs });
/** Those of the second; a row is a class, of which there are as many as fill whole vectors. */
const w2Of = (plan: Plan, hidden: number, at: Places) => ({ plan, hidden, at: at.w2, rows: 4 * plan.classVectors });

/** Writes parameters; those of the second layer a second time, transposed. */
export function writeParameters(buffer: ArrayBufferLike, plan: Plan, { w1, b1, w2, b2 }: Parameters): void {
  const floats = new Float32Array(buffer);
  const [hidden] = b1.shape as [number];
  const [fromW1, fromW2] = [w1.elements(), w2.elements()];
  eachWeight(w1Of(plan, hidden, plan), plan.inputs, (place, h, input) => {
    floats[place] = fromW1[h * plan.inputs + input]!;
  });
  eachWeight(w2Of(plan, hidden, plan), plan.classes, (place, h, c) => {
    floats[place] = fromW2[c * hidden + h]!;
    floats[plan.w2t / 4 + h * 4 * plan.classVectors + c] = floats[place];
  });
  floats.set(b1.elements(), plan.b1 / 4);
  floats.set(b2.elements(), plan.b2 / 4);
}

/** Copies of parameters, or of the sums of their gradients. */
export function readParameters(buffer: ArrayBufferLike, plan: Plan, hidden: number, at: Places): Parameters {
  const floats = new Float32Array(buffer);
  const w1 = new Float32Array(hidden * plan.inputs);
  const w2 = new Float32Array(plan.classes * hidden);
  eachWeight(w1Of(plan, hidden, at), plan.inputs, (place, h, input) => {
    w1[h * plan.inputs + input] = floats[place]!;
  });
  eachWeight(w2Of(plan, hidden, at), plan.classes, (place, h, c) => {
    w2[c * hidden + h] = floats[place]!;
  });
  return {
    w1: new Tensor(w1, [hidden, plan.inputs], 'float32'),
    b1: new Tensor(floats.slice(at.b1 / 4, at.b1 / 4 + hidden), [hidden], 'float32'),
    w2: new Tensor(w2, [plan.classes, hidden], 'float32'),
    b2: new Tensor(floats.slice(at.b2 / 4, at.b2 / 4 + plan.classes), [plan.classes], 'float32'),
  };
}

/** Copies of the responses that the kernels have left for a set, a row a sample. */
export function readResponses(
  buffer: ArrayBufferLike,
  plan: Plan,
  { samples, shards }: DataSet,
): Tensor<[number, number]> {
  const floats = new Float32Array(buffer);
  const responses = new Float32Array(samples * plan.classes);
  for (let shard = 0; shard < shards; shard++) {
    let from = plan.responses / 4 + shard * plan.room * 4 * plan.classVectors;
    for (let n = shardStart(samples, shards, shard); n < shardStart(samples, shards, shard + 1); n++) {
      for (let c = 0; c < plan.classes; c++) responses[n * plan.classes + c] = floats[from + c]!;
      from += 4 * plan.classVectors;
    }
  }
  return new Tensor(responses, [samples, plan.classes], 'float32');
}
