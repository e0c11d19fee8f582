import { contiguous } from './copies.ts';
import { type DType, isFloat } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { pow } from './math.ts';
import { wantsFloat } from './operands.ts';
import { eachRow } from './rows.ts';
import { dimension, show } from './shape.ts';
import type { Data } from './storage.ts';
import { blank, type Strided, seenAs } from './strided.ts';
import { view, withLast } from './views.ts';

// What many elements come to, all of them or those along one dimension. Each reduction is a record: torch's name, the
// formula, and the type of the result. A new one is a record here and a line in tensor.ts.

export interface Reduction {
  readonly name: string;
  /** What `n` elements of `data` come to, from `i` on, `s` apart. */
  readonly f: (data: Data, i: number, s: number, n: number) => number;
  /** The type of the result. Throws for types that it does not take. */
  readonly dtype: (t: Strided) => DType;
  /** Nothing can be chosen where there are no elements. */
  readonly chooses?: true;
}

/** Sums are kept in double precision. */
function sumOf(data: Data, i: number, s: number, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++, i += s) sum += data[i]!;
  return sum;
}

function meanOf(data: Data, i: number, s: number, n: number): number {
  return sumOf(data, i, s, n) / n;
}

function stdOf(data: Data, i: number, s: number, n: number): number {
  const mean = meanOf(data, i, s, n);
  let squares = 0;
  for (let k = 0; k < n; k++, i += s) squares += (data[i]! - mean) * (data[i]! - mean);
  return Math.sqrt(squares / (n - 1));
}

/** The first one on a tie; NaN counts as the largest. */
function placeOfMax(data: Data, i: number, s: number, n: number): number {
  let best = data[i]!;
  let place = 0;
  for (let k = 1; k < n && best === best; k++) {
    const x = data[i + k * s]!;
    if (x > best || x !== x) {
      best = x;
      place = k;
    }
  }
  return place;
}

/** The first one on a tie; NaN counts as the smallest. */
function placeOfMin(data: Data, i: number, s: number, n: number): number {
  let best = data[i]!;
  let place = 0;
  for (let k = 1; k < n && best === best; k++) {
    const x = data[i + k * s]!;
    if (x < best || x !== x) {
      best = x;
      place = k;
    }
  }
  return place;
}

const floatsOnly =
  (name: string) =>
  (t: Strided): DType => {
    wantsFloat(name, t);
    return t.dtype;
  };

const argmax: Reduction = { name: 'argmax', f: placeOfMax, dtype: () => 'int64', chooses: true };
const argmin: Reduction = { name: 'argmin', f: placeOfMin, dtype: () => 'int64', chooses: true };

/** The element at the place that another reduction finds. */
const elementAt = (name: string, place: Reduction): Reduction => ({
  name,
  f: (data, i, s, n) => data[i + s * place.f(data, i, s, n)]!,
  dtype: t => t.dtype,
  chooses: true,
});

export const reductions: readonly Reduction[] = [
  { name: 'sum', f: sumOf, dtype: t => (isFloat(t.dtype) ? t.dtype : 'int64') },
  { name: 'mean', f: meanOf, dtype: floatsOnly('mean') },
  { name: 'std', f: stdOf, dtype: floatsOnly('std') },
  argmax,
  argmin,
];

/** Those that choose an element, each with the one that says its place. */
export const extremes: readonly (readonly [Reduction, Reduction])[] = [
  [elementAt('max', argmax), argmax],
  [elementAt('min', argmin), argmin],
];

/** ‖x‖ₚ = (Σ |x|ᵖ)^(1/p); the largest |x| for p = ∞, the smallest for −∞, and for 0 how many are not 0. */
export function norm(p: number): Reduction {
  const sumOver =
    (f: (x: number) => number): Reduction['f'] =>
    (data, i, s, n) => {
      let sum = 0;
      for (let k = 0; k < n; k++, i += s) sum += f(Math.abs(data[i]!));
      return sum;
    };
  const powers = sumOver(x => pow(x, p));
  const squares = sumOver(x => x * x);
  const chosen = (choose: (x: number, y: number) => number): Reduction['f'] => {
    return (data, i, s, n) => {
      let best = n === 0 ? 0 : Math.abs(data[i]!);
      for (let k = 1; k < n; k++) best = choose(best, Math.abs(data[i + k * s]!));
      return best;
    };
  };
  const dtype = floatsOnly('norm');
  if (p === Infinity) return { name: 'norm', f: chosen(Math.max), dtype };
  if (p === -Infinity) return { name: 'norm', f: chosen(Math.min), dtype };
  if (p === 0) return { name: 'norm', f: sumOver(x => (x === 0 ? 0 : 1)), dtype };
  if (p === 1) return { name: 'norm', f: sumOver(x => x), dtype };
  if (p === 2) return { name: 'norm', f: (...row) => Math.sqrt(squares(...row)), dtype };
  return { name: 'norm', f: (...row) => pow(powers(...row), 1 / p), dtype };
}

/** Over all elements, or along `dim`, which disappears or with `keepdim` has a length of 1. */
export function reduce<T extends Strided>(reduction: Reduction, t: T, dim?: number, keepdim = false): T {
  const { name, f } = reduction;
  const dtype = reduction.dtype(t);
  // torch lets a tensor of no dimensions be reduced along 0 and −1, as if it had one
  const whole = dim === undefined || (t.dim() === 0 && (dim === 0 || dim === -1));
  const along = whole ? view(contiguous(t), [-1]) : withLast(t, dimension(name, dim, t.shape));
  const last = along.dim() - 1;
  const n = along.shape[last]!;
  const s = along.strides[last]!;
  if (n === 0 && reduction.chooses) {
    throw new ShapeError({ operation: name, came: `no elements to choose from in a tensor of shape ${show(t.shape)}` });
  }
  const first =
    n === 0
      ? blank(t, along.shape.slice(0, -1), t.dtype)
      : seenAs(along, along.shape.slice(0, -1), along.strides.slice(0, -1));
  const result = blank(t, first.shape, dtype);
  eachRow(first.shape, result, first, first, (o, i, _, length, os, is) => {
    for (let k = 0; k < length; k++) result.data[o + k * os] = f(first.data, i + k * is, s, n);
  });
  if (!keepdim) return result;
  const kept = t.shape.map((length, d) => (whole || d === dimension(name, dim, t.shape) ? 1 : length));
  return view(result, kept);
}

/**
 * What `max` and `min` give along a dimension, to be read by names, by places, or taken apart:
 * `const [values, indices] = x.max(0)`.
 */
export class Extremes<T> {
  readonly values: T;
  readonly indices: T;

  constructor(values: T, indices: T) {
    this.values = values;
    this.indices = indices;
  }

  get 0(): T {
    return this.values;
  }
  get 1(): T {
    return this.indices;
  }
  get length(): 2 {
    return 2;
  }
  [Symbol.iterator](): IterableIterator<T> {
    return [this.values, this.indices].values();
  }
}
