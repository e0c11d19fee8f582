import { ShapeError } from './errors.ts';

// Shapes and strides at run time; shape-types.ts is their other half.

/** `[50, 784]`, for messages. */
export function show(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** The number of elements of a shape. @throws ShapeError unless every length is a whole number ≥ 0. */
export function countOf(operation: string, shape: readonly number[]): number {
  let count = 1;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new ShapeError({
        operation,
        came: `a length of ${length} in ${show(shape)}`,
        wanted: 'lengths are whole numbers, 0 or more',
      });
    }
    count *= length;
  }
  return count;
}

/** Strides of a shape laid out row by row. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= shape[d]!;
  }
  return strides;
}

/** Whether these strides walk the shape's elements one after the other. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let stride = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] !== 1 && strides[d] !== stride) return false;
    stride *= shape[d]!;
  }
  return true;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false;
  return true;
}

/** A dimension counted from the front, from one that may be negative (counted from the back). */
export function dimension(operation: string, dim: number, shape: readonly number[]): number {
  const d = dim < 0 ? dim + shape.length : dim;
  if (!Number.isInteger(d) || d < 0 || d >= shape.length) {
    throw new ShapeError({
      operation,
      came: `dimension ${dim} of a tensor of shape ${show(shape)}`,
      wanted: shape.length === 0 ? 'it has none' : `it has dimensions ${-shape.length} to ${shape.length - 1}`,
    });
  }
  return d;
}

/** The shape that two shapes broadcast to. */
export function broadcastShapes(operation: string, a: readonly number[], b: readonly number[]): number[] {
  const shape = new Array<number>(Math.max(a.length, b.length));
  for (let k = 1; k <= shape.length; k++) {
    const p = a[a.length - k] ?? 1;
    const q = b[b.length - k] ?? 1;
    if (p !== q && p !== 1 && q !== 1) {
      throw new ShapeError({
        operation,
        came: `${show(a)} and ${show(b)} do not broadcast: aligned at the right, ${p} meets ${q}`,
        wanted: 'lengths must be equal or 1',
      });
    }
    shape[shape.length - k] = p === 1 ? q : p;
  }
  return shape;
}

/** Strides under which a tensor reads as if it had the larger `shape`: 0 where a length of 1 is repeated. */
export function broadcastStrides(
  own: readonly number[],
  strides: readonly number[],
  shape: readonly number[],
): number[] {
  const missing = shape.length - own.length;
  return shape.map((length, d) => {
    const k = d - missing;
    return k < 0 || (own[k] === 1 && length !== 1) ? 0 : strides[k]!;
  });
}

/** The size that `view(...size)` asks for, with −1 computed from the number of elements. */
export function viewedShape(operation: string, size: readonly number[], own: readonly number[]): number[] {
  const count = own.reduce((product, length) => product * length, 1);
  const unknown = size.filter(length => length === -1).length;
  if (unknown > 1) {
    throw new ShapeError({
      operation,
      came: `${show(size)} has more than one −1`,
      wanted: 'only one length can be computed',
    });
  }
  const known = countOf(
    operation,
    size.filter(length => length !== -1),
  );
  const shape = size.map(length => (length === -1 ? count / known : length));
  if (unknown === 1 ? known === 0 || count % known !== 0 : known !== count) {
    throw new ShapeError({
      operation,
      came: `${show(own)} has ${count} elements, which cannot be seen as ${show(size)}`,
    });
  }
  return shape;
}

/**
 * Strides that show storage laid out by (`own`, `strides`) as `shape` without a copy, or `undefined` where there are
 * none. As torch: neighbouring dimensions that lie one within the other in memory form a run, and each run must be cut
 * into whole lengths of the new shape.
 */
export function viewedStrides(
  own: readonly number[],
  strides: readonly number[],
  shape: readonly number[],
): number[] | undefined {
  if (own.includes(0)) return rowMajorStrides(shape);
  const viewed = new Array<number>(shape.length);
  let v = shape.length - 1;
  let run = 1; // elements in the present run of old dimensions
  let seen = 1; // elements that new dimensions have taken from it
  let step = strides[own.length - 1] ?? 1; // the stride of the run's innermost dimension
  for (let d = own.length - 1; d >= 0; d--) {
    run *= own[d]!;
    const joinsNext = d > 0 && (own[d - 1] === 1 || strides[d - 1] === run * step);
    if (joinsNext) continue;
    while (v >= 0 && (seen < run || shape[v] === 1)) {
      viewed[v] = seen * step;
      seen *= shape[v]!;
      v -= 1;
    }
    if (seen !== run) return undefined;
    if (d > 0) {
      step = strides[d - 1]!;
      run = 1;
      seen = 1;
    }
  }
  for (; v >= 0; v--) viewed[v] = step; // lengths of 1 that are left over
  return viewed;
}
