import { ShapeError } from './errors.ts';

/**
 * A shape, as torch's `size()`: the length of each dimension, outermost first. As a type it is a tuple, `[50, 784]`;
 * a dimension known only at run time is `number` there and goes with any other until the program runs.
 */
export type Shape = number[];

/** The shape that `view(...size)` gives: −1 stands for a length that is computed, so its type is `number`. */
export type Viewed<V extends Shape> = { [K in keyof V]: V[K] extends -1 ? number : V[K] };

type Leading<S extends Shape> = S extends [...infer L extends number[], number] ? L : [];
type Last<S extends Shape> = S extends [...number[], infer L extends number] ? L : never;

/** Two lengths broadcast to one: 1 gives way, equal lengths stay, a known length wins over `number`; else `never`. */
type BroadcastLength<A, B> = number extends A
  ? B extends 1
    ? A
    : B
  : number extends B
    ? A extends 1
      ? B
      : A
    : A extends 1
      ? B
      : B extends 1
        ? A
        : A extends B
          ? A
          : never;

/** torch's broadcasting: shapes are aligned at their last dimension. */
export type Broadcast<A extends Shape, B extends Shape> = number extends A['length']
  ? Shape
  : number extends B['length']
    ? Shape
    : A extends []
      ? B
      : B extends []
        ? A
        : [...Broadcast<Leading<A>, Leading<B>>, BroadcastLength<Last<A>, Last<B>>];

/** `S` with `New` in place of dimension K, where that is known: counted from the front, or −1. */
export type Along<S extends Shape, K extends number, New extends Shape, Seen extends Shape = []> = number extends
  | K
  | S['length']
  ? Shape
  : K extends -1
    ? [...Leading<S>, ...New]
    : S extends [infer L extends number, ...infer R extends number[]]
      ? Seen['length'] extends K
        ? [...Seen, ...New, ...R]
        : Along<R, K, New, [...Seen, L]>
      : Shape;

/** What a reduction along dimension K leaves: nothing of it, or a length of 1. */
export type Reduced<S extends Shape, K extends number, Keep extends boolean> = boolean extends Keep
  ? Shape
  : S extends []
    ? []
    : Along<S, K, Keep extends true ? [1] : []>;

type Fails<S> = S extends [infer L, ...infer R] ? ([L] extends [never] ? true : Fails<R>) : false;

type Text<S> = S extends [infer L extends number]
  ? `${L}`
  : S extends [infer L extends number, ...infer R]
    ? `${L}, ${Text<R>}`
    : '';

/** `unknown` where A and B broadcast, else a sentence for the editor to show in place of a type. */
export type Broadcasts<A extends Shape, B extends Shape> =
  Fails<Broadcast<A, B>> extends true ? `[${Text<A>}] and [${Text<B>}] do not broadcast` : unknown;

/** The same for an in-place operation, where B must broadcast to A itself. */
export type BroadcastsTo<A extends Shape, B extends Shape> = [Fails<Broadcast<A, B>>, Broadcast<A, B>] extends [
  false,
  A,
]
  ? unknown
  : `[${Text<B>}] does not broadcast to [${Text<A>}]`;

/** `[50, 784]`, for messages. */
export function show(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** The number of elements of a shape. @throws ShapeError unless every length is a whole number ≥ 0. */
export function countOf(operation: string, shape: readonly number[]): number {
  let count = 1;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new ShapeError(
        `${operation}: a length of ${length} in ${show(shape)}; lengths are whole numbers, 0 or more`,
      );
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

/** A dimension counted from the front, from one that may be negative (counted from the back). */
export function dimension(operation: string, dim: number, shape: readonly number[]): number {
  const d = dim < 0 ? dim + shape.length : dim;
  if (!Number.isInteger(d) || d < 0 || d >= shape.length) {
    throw new ShapeError(
      `${operation}: dimension ${dim} of a tensor of shape ${show(shape)}; ` +
        (shape.length === 0 ? 'it has none' : `it has dimensions ${-shape.length} to ${shape.length - 1}`),
    );
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
      throw new ShapeError(
        `${operation}: ${show(a)} and ${show(b)} do not broadcast: aligned at the right, ` +
          `lengths must be equal or 1, and ${p} meets ${q}`,
      );
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
export function viewedShape(size: readonly number[], own: readonly number[]): number[] {
  const count = own.reduce((product, length) => product * length, 1);
  const unknown = size.filter(length => length === -1).length;
  if (unknown > 1) throw new ShapeError(`view: ${show(size)} has more than one −1; only one length can be computed`);
  const known = countOf(
    'view',
    size.filter(length => length !== -1),
  );
  const shape = size.map(length => (length === -1 ? count / known : length));
  if (unknown === 1 ? known === 0 || count % known !== 0 : known !== count) {
    throw new ShapeError(`view: ${show(own)} has ${count} elements, which cannot be seen as ${show(size)}`);
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
