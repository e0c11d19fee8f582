/**
 * Inputs as the kernels want them. Most inputs of most pictures are one and the same value b, the background: 81% of
 * MNIST's pixels are black. With x = b + s and s mostly 0,
 *
 *     w1 x = w1 s + b · (sum of each row of w1)          Σ δ xᵀ = Σ δ sᵀ + b · (Σ δ) 1ᵀ
 *
 * of which the second terms are the same for all samples or for all inputs. Nothing is left out: a step costs only what
 * the inputs that differ from b cost.
 */

import type { Rows } from './rows.ts';

/**
 * The number of shards that sums over samples are cut into: a power of two, of the number of samples alone. A drawing of
 * shards, tiles, groups and chunks stands in kernels/plan.ts.
 */
export function shardCount(samples: number): number {
  let shards = 8;
  while (shards * LARGEST_SHARD < samples) shards *= 2;
  return shards;
}

/** A shard's dℓ/ds1 for 52 units is then 26 KB and stays in a core's first cache. */
export const LARGEST_SHARD = 128;

/** The first sample of a shard; that of the shard after the last one is the number of samples. */
export function shardStart(samples: number, shards: number, shard: number): number {
  return Math.floor((samples * shard) / shards);
}

/** Shards from `first` to before `end`. */
export interface ShardRange {
  readonly first: number;
  readonly end: number;
}

/** The rows of the shards of a range, shard by shard, and how many they are. */
export function* shardRows(
  given: Rows,
  { first, end }: ShardRange,
): Generator<{ readonly data: Float32Array; readonly count: number }> {
  const [samples] = given.shape;
  const shards = shardCount(samples);
  for (let shard = first; shard < end; shard++) {
    const start = shardStart(samples, shards, shard);
    const count = shardStart(samples, shards, shard + 1) - start;
    yield { data: given.rows(start, start + count), count };
  }
}

/** An entry of a sparse matrix: where its row of the kernel's table begins, in bytes, and its value as float32. */
export const ENTRY_BYTES = 8;

/** Where a sparse matrix is to lie: `starts` holds the addresses of the first entry of each row, and of the end. */
export interface Sparse {
  readonly starts: Uint32Array;
  readonly entries: Entries;
}

/** Entries one after the other, as they are written. */
export class Entries {
  readonly #places: Uint32Array;
  readonly #values: Float32Array;
  readonly #rowBytes: number;
  #count = 0;

  /** From `at` on, where the layout has room for them. `rowBytes`: of the kernel's table. */
  constructor(buffer: ArrayBufferLike, at: number, rowBytes: number) {
    this.#places = new Uint32Array(buffer, at);
    this.#values = new Float32Array(buffer, at);
    this.#rowBytes = rowBytes;
  }

  /** The address of the next one. */
  get end(): number {
    return this.#places.byteOffset + ENTRY_BYTES * this.#count;
  }

  add(place: number, value: number): void {
    this.#places[2 * this.#count] = place * this.#rowBytes;
    this.#values[2 * this.#count + 1] = value;
    this.#count++;
  }
}

/**
 * The inputs that differ from b, for the forward pass: a row is one sample's inputs in one tile, the rows of a shard
 * tile by tile, with room for `room` rows in each. Places count from the tile's first input.
 */
export function splitByTiles(
  given: Rows,
  range: ShardRange,
  b: number,
  { tile, tiles, room }: { readonly tile: number; readonly tiles: number; readonly room: number },
  { starts, entries }: Sparse,
): void {
  const [, inputs] = given.shape;
  let row = 0;
  for (const { data, count } of shardRows(given, range)) {
    for (let t = 0; t < tiles; t++) {
      const length = Math.min(tile, inputs - t * tile);
      for (let n = 0; n < room; n++) {
        starts[row++] = entries.end;
        if (n >= count) continue;
        const from = n * inputs + t * tile;
        for (let i = 0; i < length; i++) {
          const x = data[from + i]!;
          if (x !== b) entries.add(i, x - b);
        }
      }
    }
  }
  starts[row] = entries.end;
}

/**
 * The same inputs for the backward pass: a row is one input over the samples of one shard. Places count from the
 * shard's first sample. Answers how many entries each input has.
 */
export function splitByColumns(given: Rows, range: ShardRange, b: number, { starts, entries }: Sparse): Uint32Array {
  const [, inputs] = given.shape;
  const counts = new Uint32Array(inputs);
  let row = 0;
  for (const { data, count } of shardRows(given, range)) {
    for (let i = 0; i < inputs; i++) {
      starts[row++] = entries.end;
      for (let n = 0, from = i; n < count; n++, from += inputs) {
        const x = data[from]!;
        if (x === b) continue;
        entries.add(n, x - b);
        counts[i]!++;
      }
    }
  }
  starts[row] = entries.end;
  return counts;
}

/** Cuts 0 … weights.length into chunks of about the same weight; answers their starts and the end. */
export function balancedChunks(weights: Uint32Array, chunks: number): Uint32Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const starts = new Uint32Array(chunks + 1).fill(weights.length);
  let sum = 0;
  let chunk = 0;
  for (let i = 0; i < weights.length; i++) {
    while (chunk < chunks && sum * chunks >= total * chunk) starts[chunk++] = i;
    sum += weights[i]!;
  }
  return starts;
}
