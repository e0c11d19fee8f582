import { countOthers } from '../engine/background.ts';
import { ENTRY_BYTES, Entries, shardCount, shardStart, splitByColumns, splitByTiles } from '../engine/split.ts';
import { type KernelArithmetic, type KernelFunction, KernelMemory } from './memory.ts';

// The two products that a program for one sample becomes for all of them: a matrix times the vector of each sample, and
// the sum over the samples of column times row. The kernels of the fast engine compute them. Where the vectors are the
// data set's own, they are split into background and sparse rest; src/engine/split.ts says how. Elsewhere they are dense.

/** A vector of each sample: element k of sample n lies at `offset + n · step + k · stride`. */
export interface Vectors {
  readonly data: Float32Array;
  readonly offset: number;
  readonly step: number;
  readonly stride: number;
  readonly samples: number;
  readonly length: number;
}

/** The inputs of a data set, a row a sample. */
export interface Inputs {
  readonly data: Float32Array;
  readonly samples: number;
  readonly inputs: number;
}

/** A matrix: element [r, k] lies at `offset + r · rowStride + k · columnStride`. */
export interface Matrix {
  readonly data: Float32Array;
  readonly offset: number;
  readonly rowStride: number;
  readonly columnStride: number;
  readonly rows: number;
  readonly columns: number;
}

/** Samples from `first` to before `end`. */
export interface Block {
  readonly first: number;
  readonly end: number;
}

/** The widest row that the sparse kernel takes, in vectors of four. */
const WIDEST = 13;
/** The slice of a matrix that is worked on at a time, about a core's first cache. */
const TILE_BYTES = 41_000;

/** The inputs of a block of samples in the kernels' memory: those that differ from the background. */
interface Split {
  readonly background: number;
  readonly shards: number;
  /** Samples that a shard has room for. */
  readonly room: number;
  /** Inputs in a tile. */
  readonly tile: number;
  readonly tiles: number;
  readonly rowStarts: number;
  /** 0 where nothing is to be summed over the samples. */
  readonly columnStarts: number;
}

/** The kernels' memory, and in it what is known of the data set. */
export class Products {
  readonly #memory: KernelMemory | undefined;
  /** Vectors in a row of the tables that go with split inputs. */
  readonly #width: number;
  /** By the inputs' storage and the place where a block begins in it. */
  readonly #splits = new Map<Float32Array, Map<number, Split>>();

  /** For matrices of about so many rows. Without WebAssembly, or with none wanted, all is computed in JavaScript. */
  constructor(rows: number, kernels = true) {
    const vectors = Math.ceil(rows / 4);
    this.#width = Math.ceil(vectors / Math.ceil(vectors / WIDEST));
    this.#memory = kernels ? KernelMemory.start() : undefined;
  }

  /** Splits the inputs of a data set block by block; `summed` where there will be sums over its samples. */
  split(inputs: Inputs, blocks: readonly Block[], background: number, summed: boolean): void {
    if (this.#memory === undefined) return;
    const splits = new Map<number, Split>();
    for (const { first, end } of blocks) {
      const data = inputs.data.subarray(first * inputs.inputs, end * inputs.inputs);
      const rows = { data, samples: end - first, inputs: inputs.inputs };
      splits.set(first * inputs.inputs, splitBlock(this.#memory, rows, background, 16 * this.#width, summed));
    }
    this.#splits.set(inputs.data, splits);
  }

  #splitOf({ data, offset, step, stride, length }: Vectors): Split | undefined {
    return stride === 1 && step === length ? this.#splits.get(data)?.get(offset) : undefined;
  }

  /** `out[n, r] = Σₖ m[r, k] · v[n, k]`, sample after sample. */
  matrixTimes(m: Matrix, v: Vectors, out: Float32Array): void {
    const memory = this.#memory;
    if (memory === undefined || !isTame(m)) {
      matrixTimesInJavaScript(m, v, out);
      return;
    }
    const split = this.#splitOf(v);
    const start = memory.take(0);
    if (split === undefined) denseMatrixTimes(memory, m, v, out);
    else sparseMatrixTimes(memory, split, this.#width, m, v.samples, out);
    memory.giveBack(start);
  }

  /** A function of each of these numbers; false where no kernel is there to compute it. */
  each(f: KernelFunction, x: Float32Array, out: Float32Array): boolean {
    this.#memory?.each(f, x, out);
    return this.#memory !== undefined;
  }

  /** An operation on two operands, of which one may be shorter; false as above. */
  both(operation: KernelArithmetic, x: Float32Array, y: Float32Array, out: Float32Array): boolean {
    this.#memory?.both(operation, x, y, out);
    return this.#memory !== undefined;
  }

  /** `out[r, c] += factor · Σₙ u[n, r] · v[n, c]`, the sum over the samples in their order. */
  addOuterProducts(u: Vectors, v: Vectors, factor: number, out: Matrix): void {
    const memory = this.#memory;
    if (memory === undefined) {
      addOuterProductsInJavaScript(u, v, factor, out);
      return;
    }
    const split = this.#splitOf(v);
    const start = memory.take(0);
    if (split === undefined || split.columnStarts === 0) denseOuterProducts(memory, u, v, factor, out);
    else sparseOuterProducts(memory, split, this.#width, u, factor, out);
    memory.giveBack(start);
  }
}

function splitBlock(memory: KernelMemory, given: Inputs, background: number, rowBytes: number, summed: boolean): Split {
  const { data, samples, inputs } = given;
  const rows = {
    shape: [samples, inputs] as const,
    rows: (first: number, end: number) => data.subarray(first * inputs, end * inputs),
  };
  const shards = shardCount(samples);
  const room = 4 * Math.ceil(Math.ceil(samples / shards) / 4);
  const tiles = Math.ceil(inputs / Math.max(1, Math.floor(TILE_BYTES / rowBytes)));
  const tile = Math.ceil(inputs / tiles);
  const entryBytes = ENTRY_BYTES * countOthers(data, background);
  const rowCount = shards * tiles * room + 1;
  const columnCount = shards * inputs + 1;
  const rowStarts = memory.take(4 * rowCount);
  const rowEntries = memory.take(entryBytes);
  const columnStarts = summed ? memory.take(4 * columnCount) : 0;
  const columnEntries = summed ? memory.take(entryBytes) : 0;
  const { buffer } = memory;
  const byTiles = { tile, tiles, room };
  const range = { first: 0, end: shards };
  splitByTiles(rows, range, background, byTiles, {
    starts: new Uint32Array(buffer, rowStarts, rowCount),
    entries: new Entries(buffer, rowEntries, rowBytes),
  });
  if (summed) {
    splitByColumns(rows, range, background, {
      starts: new Uint32Array(buffer, columnStarts, columnCount),
      entries: new Entries(buffer, columnEntries, rowBytes),
    });
  }
  return { background, shards, room, tile, tiles, rowStarts, columnStarts };
}

/** w x = w s + b · (sum of each row of w), for inputs x = b + s: see src/engine/split.ts. */
function sparseMatrixTimes(
  memory: KernelMemory,
  { background, shards, room, tile, tiles, rowStarts }: Split,
  width: number,
  m: Matrix,
  samples: number,
  out: Float32Array,
): void {
  const rowBytes = 16 * width;
  const units = 4 * width;
  const table = memory.take(m.columns * rowBytes);
  const sums = memory.take(samples * rowBytes);
  for (let from = 0; from < m.rows; from += units) {
    const rows = Math.min(units, m.rows - from);
    const base = transposedInto(memory.floats(table, m.columns * units), m, from, rows, units);
    const found = memory.floats(sums, samples * units);
    for (let r = 0; r < units; r++) base[r]! *= background;
    for (let n = 0; n < samples; n++) found.set(base, n * units);
    for (let shard = 0; shard < shards; shard++) {
      const first = shardStart(samples, shards, shard);
      const count = shardStart(samples, shards, shard + 1) - first;
      for (let t = 0; t < tiles; t++) {
        const starts = rowStarts + 4 * ((shard * tiles + t) * room);
        // one sum is there already, a row before: the new one is added to it
        const after = sums + (first + 1) * rowBytes;
        memory.gather(width, starts, count, table + t * tile * rowBytes, after, 1, rowBytes);
      }
    }
    for (let n = 0; n < samples; n++) out.set(found.subarray(n * units, n * units + rows), n * m.rows + from);
  }
}

/** Σ δ xᵀ = Σ δ sᵀ + b · (Σ δ) 1ᵀ. */
function sparseOuterProducts(
  memory: KernelMemory,
  { background, shards, columnStarts }: Split,
  width: number,
  u: Vectors,
  factor: number,
  out: Matrix,
): void {
  const rowBytes = 16 * width;
  const units = 4 * width;
  const inputs = out.columns;
  const table = memory.take(u.samples * rowBytes);
  const sums = memory.take(inputs * rowBytes);
  for (let from = 0; from < u.length; from += units) {
    const rows = Math.min(units, u.length - from);
    const total = paddedInto(memory.floats(table, u.samples * units), u, from, rows, units);
    const found = memory.floats(sums, inputs * units).fill(0);
    for (let shard = 0; shard < shards; shard++) {
      const first = shardStart(u.samples, shards, shard);
      const starts = columnStarts + 4 * shard * inputs;
      memory.gather(width, starts, inputs, table + first * rowBytes, sums + rowBytes, 1, rowBytes);
    }
    for (let r = 0; r < rows; r++) {
      const ofBackground = background * total[r]!;
      let o = out.offset + (from + r) * out.rowStride;
      for (let c = 0, at = r; c < inputs; c++, at += units, o += out.columnStride)
        out.data[o]! += factor * (found[at]! + ofBackground);
    }
  }
}

function denseMatrixTimes(memory: KernelMemory, m: Matrix, v: Vectors, out: Float32Array): void {
  const width = Math.ceil(m.rows / 4);
  const units = 4 * width;
  const even = v.samples + (v.samples % 2);
  const table = memory.take(16 * width * m.columns);
  const x = memory.take(4 * even * m.columns);
  const products = memory.take(16 * width * even);
  transposedInto(memory.floats(table, units * m.columns), m, 0, m.rows, units);
  paddedInto(memory.floats(x, even * m.columns), v, 0, v.length, v.length);
  memory.dense(width, x, 4 * m.columns, 4, even, m.columns, table, products, 0, 0);
  const found = memory.floats(products, units * v.samples);
  for (let n = 0; n < v.samples; n++) {
    for (let r = 0; r < m.rows; r++) out[n * m.rows + r] = found[n * units + r]!;
  }
}

function denseOuterProducts(memory: KernelMemory, u: Vectors, v: Vectors, factor: number, out: Matrix): void {
  const width = Math.ceil(v.length / 4);
  const units = 4 * width;
  const even = u.length + (u.length % 2);
  const table = memory.take(16 * width * u.samples);
  const x = memory.take(4 * even * u.samples);
  const sums = memory.take(16 * width * even);
  paddedInto(memory.floats(table, units * u.samples), v, 0, v.length, units);
  paddedInto(memory.floats(x, even * u.samples), u, 0, u.length, even);
  memory.dense(width, x, 4, 4 * even, even, u.samples, table, sums, 0, 0);
  const found = memory.floats(sums, units * u.length);
  for (let r = 0; r < u.length; r++) {
    let o = out.offset + r * out.rowStride;
    for (let c = 0; c < v.length; c++, o += out.columnStride) out.data[o]! += factor * found[r * units + c]!;
  }
}

/** Whether sums of its entries stay within float32: the kernels add up in it, and the background apart from the rest. */
function isTame({ data, offset, rowStride, columnStride, rows, columns }: Matrix): boolean {
  for (let r = 0; r < rows; r++) {
    let squares = 0;
    let i = offset + r * rowStride;
    for (let k = 0; k < columns; k++, i += columnStride) squares += data[i]! * data[i]!;
    if (!(squares < 1e60)) return false;
  }
  return true;
}

/** Rows `from` and so on of a matrix as columns, each row of the table `units` wide; answers the sums of these rows. */
function transposedInto(table: Float32Array, m: Matrix, from: number, rows: number, units: number): Float32Array {
  const sums = new Float32Array(units);
  if (rows < units) table.fill(0);
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    let i = m.offset + (from + r) * m.rowStride;
    for (let k = 0, at = r; k < m.columns; k++, at += units, i += m.columnStride) {
      const x = m.data[i]!;
      table[at] = x;
      sum += x;
    }
    sums[r] = sum;
  }
  return sums;
}

/** Elements `from` and so on of each sample's vector, each row of the table `units` wide; answers their sums. */
function paddedInto(table: Float32Array, v: Vectors, from: number, count: number, units: number): Float64Array {
  const sums = new Float64Array(units);
  const { data, stride } = v;
  for (let n = 0, at = 0; n < v.samples; n++, at += units) {
    let i = v.offset + n * v.step + from * stride;
    for (let k = 0; k < count; k++, i += stride) {
      const x = data[i]!;
      table[at + k] = x;
      sums[k]! += x;
    }
    for (let k = count; k < units; k++) table[at + k] = 0;
  }
  return sums;
}

function matrixTimesInJavaScript(m: Matrix, v: Vectors, out: Float32Array): void {
  for (let n = 0; n < v.samples; n++) {
    for (let r = 0; r < m.rows; r++) {
      let sum = 0;
      let i = m.offset + r * m.rowStride;
      let j = v.offset + n * v.step;
      for (let k = 0; k < m.columns; k++, i += m.columnStride, j += v.stride) sum += m.data[i]! * v.data[j]!;
      out[n * m.rows + r] = sum;
    }
  }
}

function addOuterProductsInJavaScript(u: Vectors, v: Vectors, factor: number, out: Matrix): void {
  for (let n = 0; n < u.samples; n++) {
    for (let r = 0; r < u.length; r++) {
      const x = factor * u.data[u.offset + n * u.step + r * u.stride]!;
      let o = out.offset + r * out.rowStride;
      let j = v.offset + n * v.step;
      for (let c = 0; c < v.length; c++, o += out.columnStride, j += v.stride) out.data[o]! += x * v.data[j]!;
    }
  }
}
