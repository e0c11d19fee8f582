import { cast, type DType, wantsDType } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { wantsTensor } from './operands.ts';
import { eachRow } from './rows.ts';
import { broadcastShapes, sameShape, show } from './shape.ts';
import { blank, type Strided } from './strided.ts';

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
  wantsBroadcastTo('copy_', t, source);
  assign(t, apart(source, t));
  return t;
}
