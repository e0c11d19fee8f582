import type { DType } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { isRowMajor, rowMajorStrides, show } from './shape.ts';
import { allocate, type Data } from './storage.ts';

/**
 * Numbers of one type, seen through a shape: element [i, j] lies at `offset + i · strides[0] + j · strides[1]` of
 * `data`. This is what the operations work on. `Tensor` is the same with the operations as its methods and the shape in
 * its type.
 */
export class Strided {
  /** Where the elements lie, perhaps together with those of other tensors. */
  readonly data: Data;
  /** The place of the first element in `data`. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly dtype: DType;

  /**
   * Most tensors come from `tensor`, `zeros`, `loadData` and from other tensors; this looks at given storage.
   *
   * @throws ShapeError where the shape reaches beyond the storage.
   */
  constructor(
    data: Data,
    shape: readonly number[],
    dtype: DType,
    strides: readonly number[] = rowMajorStrides(shape),
    offset = 0,
  ) {
    this.data = data;
    this.shape = shape;
    this.dtype = dtype;
    this.strides = strides;
    this.offset = offset;
    const end = endOf(shape, strides, offset);
    if (end > data.length) {
      throw new ShapeError({
        operation: 'Tensor',
        came: `${show(shape)} from ${offset} on wants ${end} elements of storage`,
        wanted: `it has ${data.length}`,
      });
    }
  }

  /** The number of dimensions. */
  dim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  numel(): number {
    let count = 1;
    for (const length of this.shape) count *= length;
    return count;
  }

  /** Whether the elements lie one after the other in `data`, from `offset` on. */
  isContiguous(): boolean {
    return isRowMajor(this.shape, this.strides);
  }
}

/** How many elements of storage a shape reaches over. */
function endOf(shape: readonly number[], strides: readonly number[], offset: number): number {
  let last = offset;
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 0) return 0;
    last += (shape[d]! - 1) * strides[d]!;
  }
  return last + 1;
}

type Class<T> = new (
  data: Data,
  shape: readonly number[],
  dtype: DType,
  strides?: readonly number[],
  offset?: number,
) => T;

/** The storage of `t` seen through another shape, as what `t` is: a tensor of a tensor. */
export function seenAs<T extends Strided>(
  t: T,
  shape: readonly number[],
  strides: readonly number[],
  offset: number = t.offset,
): T {
  return new (t.constructor as Class<T>)(t.data, shape, t.dtype, strides, offset);
}

/** Room for a result of this shape, as what `like` is; its elements are still to be written. */
export function blank<T extends Strided>(like: T, shape: readonly number[], dtype: DType): T {
  let count = 1;
  for (const length of shape) count *= length;
  return new (like.constructor as Class<T>)(allocate(dtype, count), shape, dtype);
}

/** A number as a tensor of no dimensions. */
export function scalar<T extends Strided>(like: T, value: number, dtype: DType): T {
  const result = blank(like, [], dtype);
  result.data[0] = value;
  return result;
}
