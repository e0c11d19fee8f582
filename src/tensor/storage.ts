import type { DType } from './dtype.ts';

/** Where a tensor's elements lie. int64 is kept in doubles (exact up to 2⁵³), bool in bytes. */
export type Data = Float32Array | Float64Array | Uint8Array;

/** Room for `count` elements; what they hold is to be overwritten. */
export function allocate(dtype: DType, count: number): Data {
  if (dtype === 'float32') return reused === undefined ? new Float32Array(count) : reused.take(count);
  return dtype === 'bool' ? new Uint8Array(count) : new Float64Array(count);
}

/**
 * Runs `f` so that the tensors which an earlier run of `f` left behind give their storage to those that this run makes.
 * A C++ library frees a temporary as soon as it is no longer named; here they would wait for the garbage collector, and
 * a loop that leaves a matrix behind at each turn would walk through all of the processor's cache.
 *
 * No tensor made by `f` may be used after the next run.
 */
export function reusingStorage<T>(storage: ReusableStorage, f: () => T): T {
  const outer = reused;
  reused = storage;
  storage.rewind();
  try {
    return f();
  } finally {
    reused = outer;
  }
}

let reused: ReusableStorage | undefined;

/** Arrays that are handed out again, in the same order, after each `rewind`. */
export class ReusableStorage {
  readonly #shelves = new Map<number, { arrays: Float32Array[]; taken: number }>();

  take(count: number): Float32Array {
    let shelf = this.#shelves.get(count);
    if (shelf === undefined) {
      shelf = { arrays: [], taken: 0 };
      this.#shelves.set(count, shelf);
    }
    if (shelf.taken === shelf.arrays.length) shelf.arrays.push(new Float32Array(count));
    return shelf.arrays[shelf.taken++]!;
  }

  rewind(): void {
    for (const shelf of this.#shelves.values()) shelf.taken = 0;
  }
}
