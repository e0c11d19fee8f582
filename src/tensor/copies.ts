import { cast, type DType, wantsDType } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { wantsOwnPlaces, wantsTensor } from './operands.ts';
import { eachRow } from './rows.ts';
import { broadcastShapes, dimension, sameShape, show, viewedShape, viewedStrides } from './shape.ts';
import { blank, type Strided, seenAs } from './strided.ts';
import { view } from './views.ts';

/** target ← source, element by element, converted to the type of `target` and broadcast to its shape. */
export function assign(target: Strided, source: Strided): void {
  const { data, dtype } = target;
  const from = source.data;
  eachRow(target.shape, target, source, source, (o, i, _, length, os, is) => {
    for (let k = 0; k < length; k++) data[o + k * os] = cast(dtype, from[i + k * is]!);
  });
}

/** The same values in another type: `t` itself where it has the type already, unless a copy is asked for. */
export function to<T extends Strided>(t: T, dtype: DType, copy = false): T {
  if (dtype === t.dtype && !copy) return t;
  wantsDType('to', dtype);
  const result = blank(t, t.shape, dtype);
  if (t.isContiguous() && dtype !== 'int64' && dtype !== 'bool') {
    result.data.set(t.data.subarray(t.offset, t.offset + result.data.length));
  } else {
    assign(result, t);
  }
  return result;
}

/** A copy with storage of its own. */
export function clone<T extends Strided>(t: T): T {
  return to(t, t.dtype, true);
}

/** `t` where its elements lie row by row already, else a copy in which they do. */
export function contiguous<T extends Strided>(t: T): T {
  return t.isContiguous() ? t : clone(t);
}

/** `t`, or a copy where writing to `target` would change elements of `t` that are still to be read. */
export function apart<T extends Strided>(t: T, target: Strided): T {
  return t.data.buffer !== target.data.buffer || (t as Strided) === target ? t : clone(t);
}

/** Refuses to write `source` into a `target` of which it is larger. */
export function wantsBroadcastTo(operation: string, target: Strided, source: Strided): void {
  if (sameShape(broadcastShapes(operation, target.shape, source.shape), target.shape)) return;
  throw new ShapeError({
    operation,
    came: `${show(source.shape)} does not broadcast to ${show(target.shape)}, and an in-place result cannot grow`,
  });
}

/** `t` with the values of `source`, of any type. */
export function copyInto<T extends Strided>(t: T, source: Strided): T {
  wantsTensor('copy_', source);
  wantsOwnPlaces('copy_', t);
  wantsBroadcastTo('copy_', t, source);
  assign(t, apart(source, t));
  return t;
}

/** The same elements in another shape: a view where they lie so in memory, else a copy. */
export function reshape<T extends Strided>(t: T, size: readonly number[]): T {
  const shape = viewedShape('reshape', size, t.shape);
  const strides = viewedStrides(t.shape, t.strides, shape);
  return strides === undefined ? view(contiguous(t), shape) : seenAs(t, shape, strides);
}

/** Dimensions `first` to `last` as one. */
export function flatten<T extends Strided>(t: T, first: number, last: number): T {
  if (t.dim() === 0) return reshape(t, [1]);
  const from = dimension('flatten', first, t.shape);
  const to = dimension('flatten', last, t.shape);
  if (from > to) {
    throw new ShapeError({
      operation: 'flatten',
      came: `dimensions ${first} to ${last} of ${show(t.shape)}`,
      wanted: 'the first must not come after the last',
    });
  }
  const count = t.shape.slice(from, to + 1).reduce((product, length) => product * length, 1);
  return reshape(t, [...t.shape.slice(0, from), count, ...t.shape.slice(to + 1)]);
}
