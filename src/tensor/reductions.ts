import { contiguous } from './copies.ts';
import { type DType, isFloat } from './dtype.ts';
import { ShapeError } from './errors.ts';
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

const floatsOnly =
  (name: string) =>
  (t: Strided): DType => {
    wantsFloat(name, t);
    return t.dtype;
  };

export const sum: Reduction = { name: 'sum', f: sumOf, dtype: t => (isFloat(t.dtype) ? t.dtype : 'int64') };
export const mean: Reduction = { name: 'mean', f: meanOf, dtype: floatsOnly('mean') };
export const std: Reduction = { name: 'std', f: stdOf, dtype: floatsOnly('std') };
export const argmax: Reduction = { name: 'argmax', f: placeOfMax, dtype: () => 'int64', chooses: true };
export const max: Reduction = {
  name: 'max',
  f: (data, i, s, n) => data[i + s * placeOfMax(data, i, s, n)]!,
  dtype: t => t.dtype,
  chooses: true,
};

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
