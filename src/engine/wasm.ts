import { cores } from '#platform';
import { LonghandError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/index.ts';
import type { Engine, Parameters, Problem } from './engine.ts';
import { kernels, notShared, sharingAt } from './kernels.generated.ts';
import { BACKGROUND_AT, type DataSet, ERROR_BELOW_AT, ETA_AT, layOut, type Plan, writePlan } from './layout.ts';
import { mustBeOfSize, sizeOf } from './sizes.ts';
import {
  backgroundOf,
  balancedChunks,
  countOthers,
  Entries,
  type Rows,
  shardCount,
  shardStart,
  splitByColumns,
  splitByTiles,
} from './split.ts';
import { oneThread, startThreads } from './threads.ts';

export interface WasmEngineOptions {
  /**
   * How many threads work at a step, the calling one among them; as many as there are cores unless asked otherwise. It
   * changes no bit of the results. Without `SharedArrayBuffer`, as in a page that is not isolated, it is one.
   */
  readonly threads?: number | undefined;
}

/**
 * The fast engine: the sums of `sampleEngine` from WebAssembly kernels on vectors of four and on all cores, in Node and
 * in a browser. Its results are the same bits whatever the number of threads and wherever it runs.
 *
 * Throws `ShapeError` where problem and parameters do not fit each other, `LonghandError` where they do not fit into
 * memory, `ThreadError` where a thread does not start.
 */
export async function wasmEngine<H extends number, D extends number, C extends number>(
  problem: Problem<D, C>,
  parameters: Parameters<H, NoInfer<D>, NoInfer<C>>,
  { threads = cores() }: WasmEngineOptions = {},
): Promise<Engine> {
  if (!Number.isInteger(threads) || threads < 1)
    throw new LonghandError(`wasmEngine: threads is ${threads}; it wants a whole number from 1 on`);
  const size = sizeOf('wasmEngine', problem as unknown as Problem, parameters as unknown as Parameters);
  const { hidden } = size;
  const train = rowsOf(problem.trainInput);
  const test = rowsOf(problem.testInput);
  const found = backgroundOf(train.data);
  const background = found?.value;
  const entries = found && { train: found.others, test: countOthers(test.data, found.value) };
  // more threads than shards would find nothing to do
  const most = Math.max(shardCount(train.samples), shardCount(test.samples));
  const count = typeof SharedArrayBuffer === 'undefined' ? 1 : Math.min(threads, most);
  const sizes = { trainSamples: train.samples, testSamples: test.samples };
  const layout = layOut({ ...size, ...sizes, entries, threads: count });
  const { plan } = layout;

  const memory = allocate(layout.bytes, count > 1);
  const { buffer } = memory;
  writePlan(buffer, plan, layout.train, layout.test);
  new DataView(buffer).setFloat32(BACKGROUND_AT, background ?? 0, true);
  new DataView(buffer).setFloat32(ERROR_BELOW_AT, problem.errorBelow, true);
  writeRows(buffer, plan, layout.train, train, background);
  writeRows(buffer, plan, layout.test, test, background);
  writeColumns(buffer, plan, layout.train, train, background);
  const targetRow = 4 * plan.classVectors;
  writePadded(buffer, layout.train.targets, rowsOf(problem.trainTarget), layout.train, plan.room, targetRow);
  writePadded(buffer, layout.test.targets, rowsOf(problem.testTarget), layout.test, plan.room, targetRow);

  const bytes = Uint8Array.from(atob(kernels), character => character.charCodeAt(0));
  if (count === 1) bytes[sharingAt] = notShared;
  const module = await WebAssembly.compile(bytes);
  const pool =
    count === 1
      ? oneThread(module, memory)
      : await startThreads(module, memory, count, ['begin', 'prepare', 'forward', 'backward', 'test']);

  const values = { w1: plan.w1, b1: plan.b1, w2: plan.w2, b2: plan.b2 };
  const sums = { w1: plan.dw1, b1: plan.db1, w2: plan.dw2, b2: plan.db2 };
  const write = (ones: Parameters): void => {
    writeParameters(buffer, plan, hidden, ones);
    pool.alone('prepare');
  };
  write(parameters as unknown as Parameters);

  const eta = new Float32Array(buffer, ETA_AT, 1);
  const losses = new Float64Array(buffer, layout.train.losses, layout.train.shards);
  const trainErrors = new Uint32Array(buffer, layout.train.errors, layout.train.shards);
  const testErrors = new Uint32Array(buffer, layout.test.errors, layout.test.shards);
  let disposed = false;
  const run = (name: string): void => {
    if (disposed) throw new LonghandError('wasmEngine: this engine was disposed of; make another one');
    pool.alone('begin');
    pool.run(name);
  };

  return {
    trainCount: train.samples,
    testCount: test.samples,
    async step(stepSize) {
      eta[0] = stepSize;
      run('forward');
      run('backward');
      return { loss: treeSum(losses), errors: trainErrors.reduce(add, 0) };
    },
    async testErrors() {
      run('test');
      return testErrors.reduce(add, 0);
    },
    parameters: async () => readParameters(buffer, plan, hidden, values),
    async responses(set) {
      const { w1, b1, w2, b2 } = readParameters(buffer, plan, hidden, values);
      const input: Tensor<[number, number]> = set === 'train' ? problem.trainInput : problem.testInput;
      return input.mm(w1.t()).add(b1).tanh().mm(w2.t()).add(b2).tanh();
    },
    async setParameters(others) {
      mustBeOfSize('setParameters', others, size);
      write(others);
    },
    gradients: async () => readParameters(buffer, plan, hidden, sums),
    async dispose() {
      if (!disposed) pool.end();
      disposed = true;
    },
  };
}

const add = (a: number, b: number): number => a + b;

/** Neighbours first, then pairs of neighbours, as the kernels sum over shards. The length is a power of two. */
function treeSum(values: Float64Array): number {
  const middle = values.length / 2;
  return middle < 1 ? values[0]! : treeSum(values.subarray(0, middle)) + treeSum(values.subarray(middle));
}

function allocate(bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = Math.ceil(bytes / 65536);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch {
    throw new LonghandError(
      `wasmEngine: there is no memory of ${Math.ceil(bytes / 1e6)} MB, which these samples and hidden units want; ` +
        'take fewer of either',
    );
  }
}

/** A matrix's rows, or a vector as one row, as float32 one after the other: without a copy where they lie so. */
function rowsOf(tensor: { elements(): ArrayLike<number>; readonly shape: readonly number[] }): Rows {
  const elements = tensor.elements();
  const [samples, inputs] = tensor.shape as [number, number];
  return { data: elements instanceof Float32Array ? elements : Float32Array.from(elements), samples, inputs };
}

/** Writes rows shard by shard, each shard with its room and each row with its padding. */
function writePadded(
  buffer: ArrayBufferLike,
  at: number,
  { data, samples, inputs }: Rows,
  { shards }: DataSet,
  room: number,
  stride: number,
): void {
  const target = new Float32Array(buffer, at, shards * room * stride);
  for (let shard = 0; shard < shards; shard++) {
    const first = shardStart(samples, shards, shard);
    const end = shardStart(samples, shards, shard + 1);
    for (let n = first; n < end; n++) {
      target.set(data.subarray(n * inputs, (n + 1) * inputs), (shard * room + n - first) * stride);
    }
  }
}

/** The inputs for the forward pass; where there is no background, for both passes. */
function writeRows(buffer: ArrayBufferLike, plan: Plan, set: DataSet, rows: Rows, background?: number): void {
  if (background === undefined) {
    writePadded(buffer, set.inputs, rows, set, plan.room, plan.inputRow / 4);
    return;
  }
  splitByTiles(rows, background, plan, {
    starts: new Uint32Array(buffer, set.rowStarts, set.shards * plan.tiles * plan.room + 1),
    entries: new Entries(buffer, set.inputs, 16 * plan.width),
  });
}

/** The training inputs for the backward pass, and the chunks that it is cut into. */
function writeColumns(buffer: ArrayBufferLike, plan: Plan, set: DataSet, rows: Rows, background?: number): void {
  let weights: Uint32Array = new Uint32Array(rows.inputs);
  if (background !== undefined) {
    weights = splitByColumns(rows, background, {
      starts: new Uint32Array(buffer, plan.columnStarts, set.shards * rows.inputs + 1),
      entries: new Entries(buffer, plan.columnEntries, 16 * plan.width),
    });
  }
  // an input without entries is work as well: its sums are stored and its weights updated
  const withOverhead = weights.map(weight => weight + 4 * set.shards);
  new Uint32Array(buffer, plan.chunkStarts, plan.chunks + 1).set(balancedChunks(withOverhead, plan.chunks));
}

/** Writes the parameters, which tensors have by rows, to where the kernels' groups of units have them. */
function writeParameters(buffer: ArrayBufferLike, plan: Plan, hidden: number, { w1, b1, w2, b2 }: Parameters): void {
  const floats = new Float32Array(buffer);
  const units = 4 * plan.width;
  const classes = 4 * plan.classVectors;
  const [fromW1, fromB1, fromW2, fromB2] = [w1.elements(), b1.elements(), w2.elements(), b2.elements()];
  for (let h = 0; h < hidden; h++) {
    const group = Math.floor(h / units);
    const unit = h % units;
    floats[plan.b1 / 4 + h] = fromB1[h]!;
    for (let i = 0; i < plan.inputs; i++) {
      floats[plan.w1 / 4 + (group * plan.inputs + i) * units + unit] = fromW1[h * plan.inputs + i]!;
    }
    for (let c = 0; c < plan.classes; c++) {
      const x = fromW2[c * hidden + h]!;
      floats[plan.w2 / 4 + (group * classes + c) * units + unit] = x;
      floats[plan.w2t / 4 + h * classes + c] = x;
    }
  }
  floats.set(fromB2, plan.b2 / 4);
}

/** Copies of parameters or of their gradients, which lie alike. */
function readParameters(
  buffer: ArrayBufferLike,
  plan: Plan,
  hidden: number,
  at: { readonly w1: number; readonly b1: number; readonly w2: number; readonly b2: number },
): Parameters {
  const floats = new Float32Array(buffer);
  const units = 4 * plan.width;
  const classes = 4 * plan.classVectors;
  const w1 = new Float32Array(hidden * plan.inputs);
  const w2 = new Float32Array(plan.classes * hidden);
  for (let h = 0; h < hidden; h++) {
    const group = Math.floor(h / units);
    const unit = h % units;
    for (let i = 0; i < plan.inputs; i++) {
      w1[h * plan.inputs + i] = floats[at.w1 / 4 + (group * plan.inputs + i) * units + unit]!;
    }
    for (let c = 0; c < plan.classes; c++) {
      w2[c * hidden + h] = floats[at.w2 / 4 + (group * classes + c) * units + unit]!;
    }
  }
  return {
    w1: new Tensor(w1, [hidden, plan.inputs], 'float32'),
    b1: new Tensor(floats.slice(at.b1 / 4, at.b1 / 4 + hidden), [hidden], 'float32'),
    w2: new Tensor(w2, [plan.classes, hidden], 'float32'),
    b2: new Tensor(floats.slice(at.b2 / 4, at.b2 / 4 + plan.classes), [plan.classes], 'float32'),
  };
}
