import { ShapeError } from './errors.ts';
import type { Data } from './loops.ts';

const dtypes = ['float32', 'float64', 'int64', 'bool'] as const;

/** float32 unless asked otherwise; int64 for labels and indices, bool for comparisons. */
export type DType = (typeof dtypes)[number];

export function wantsDType(operation: string, dtype: DType): void {
  if (!dtypes.includes(dtype))
    throw new ShapeError(`${operation}: no tensor is of type ${dtype}; take one of ${dtypes.join(', ')}`);
}

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
