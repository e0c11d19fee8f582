import { ShapeError } from './errors.ts';
import { broadcastStrides, countOf, dimension, show, viewedShape, viewedStrides } from './shape.ts';
import { type Strided, seenAs } from './strided.ts';

// The same elements, seen otherwise: nothing here moves or copies a number.

/** The same elements in another shape; one length may be −1 and is then computed. */
export function view<T extends Strided>(t: T, size: readonly number[]): T {
  const shape = viewedShape('view', size, t.shape);
  const strides = viewedStrides(t.shape, t.strides, shape);
  if (strides === undefined) {
    throw new ShapeError({
      operation: 'view',
      came: `${show(t.shape)} does not lie in memory so that it could be seen as ${show(size)}`,
      advice: 'Make a copy first with contiguous()',
    });
  }
  return seenAs(t, shape, strides);
}

/** Rows for columns: of [R, C] it is [C, R]; a vector is its own. */
export function transposed<T extends Strided>(t: T): T {
  if (t.dim() > 2) {
    throw new ShapeError({
      operation: 't',
      came: `a tensor of shape ${show(t.shape)}`,
      wanted: 't() wants at most two dimensions',
    });
  }
  return turned(t);
}

/** Entry `index` of dimension `dim`, which disappears. */
export function select<T extends Strided>(t: T, dim: number, index: number): T {
  const d = dimension('select', dim, t.shape);
  const length = t.shape[d]!;
  const i = index < 0 ? index + length : index;
  if (!Number.isInteger(i) || i < 0 || i >= length) {
    throw new ShapeError({
      operation: 'select',
      came: `index ${index} of dimension ${d}, which has length ${length} in ${show(t.shape)}`,
    });
  }
  const without = (list: readonly number[]) => list.filter((_, k) => k !== d);
  return seenAs(t, without(t.shape), without(t.strides), t.offset + i * t.strides[d]!);
}

/** `length` entries of dimension `dim`, from `start` on. */
export function narrow<T extends Strided>(t: T, dim: number, start: number, length: number): T {
  const d = dimension('narrow', dim, t.shape);
  const whole = Number.isInteger(start) && Number.isInteger(length);
  if (!whole || start < 0 || length < 0 || start + length > t.shape[d]!) {
    throw new ShapeError({
      operation: 'narrow',
      came:
        `entries ${start} to ${start + length - 1} of dimension ${d}, ` +
        `which has length ${t.shape[d]} in ${show(t.shape)}`,
    });
  }
  const shape = t.shape.map((own, k) => (k === d ? length : own));
  return seenAs(t, shape, t.strides, t.offset + start * t.strides[d]!);
}

/** The same elements with dimension `d` moved to the end. */
export function withLast<T extends Strided>(t: T, d: number): T {
  const moved = (list: readonly number[]) => [...list.slice(0, d), ...list.slice(d + 1), list[d]!];
  return seenAs(t, moved(t.shape), moved(t.strides));
}

/** All dimensions turned round: of [A, B, C] it is [C, B, A]. */
export function turned<T extends Strided>(t: T): T {
  return seenAs(t, [...t.shape].reverse(), [...t.strides].reverse());
}

/** The same elements with two dimensions swapped. */
export function transpose<T extends Strided>(t: T, dim0: number, dim1: number): T {
  if (t.dim() === 0) {
    wantsPlace('transpose', dim0, 0);
    wantsPlace('transpose', dim1, 0);
    return t;
  }
  const p = dimension('transpose', dim0, t.shape);
  const q = dimension('transpose', dim1, t.shape);
  const swapped = (list: readonly number[]) => list.map((own, d) => (d === p ? list[q]! : d === q ? list[p]! : own));
  return seenAs(t, swapped(t.shape), swapped(t.strides));
}

/** A length of 1 before dimension `dim`; one after the last is −1. */
export function unsqueeze<T extends Strided>(t: T, dim: number): T {
  const d = wantsPlace('unsqueeze', dim, t.dim());
  const inserted = (list: readonly number[], own: number) => [...list.slice(0, d), own, ...list.slice(d)];
  return seenAs(t, inserted(t.shape, 1), inserted(t.strides, 1));
}

/** Without the lengths of 1, or without dimension `dim` where that has a length of 1. */
export function squeeze<T extends Strided>(t: T, dim?: number): T {
  if (t.dim() === 0) {
    if (dim !== undefined) wantsPlace('squeeze', dim, 0);
    return t;
  }
  const d = dim === undefined ? undefined : dimension('squeeze', dim, t.shape);
  const kept = (_: number, k: number) => t.shape[k] !== 1 || (d !== undefined && d !== k);
  return seenAs(t, t.shape.filter(kept), t.strides.filter(kept));
}

/** A place among `count` dimensions or behind them, counted from either end. */
function wantsPlace(operation: string, dim: number, count: number): number {
  const place = dim < 0 ? dim + count + 1 : dim;
  if (Number.isInteger(place) && place >= 0 && place <= count) return place;
  throw new ShapeError({
    operation,
    came: `dimension ${dim} of a tensor of ${count} dimensions`,
    wanted: `it wants ${-count - 1} to ${count}`,
  });
}

/** As if its lengths of 1 were repeated: −1 leaves a length as it is, and more dimensions may stand in front. */
export function expand<T extends Strided>(t: T, size: readonly number[]): T {
  const missing = size.length - t.dim();
  const shape = size.map((length, d) => (length === -1 && d >= missing ? t.shape[d - missing]! : length));
  countOf('expand', shape);
  if (missing < 0 || t.shape.some((own, d) => own !== 1 && own !== shape[d + missing])) {
    throw new ShapeError({
      operation: 'expand',
      came: `${show(t.shape)} to ${show(size)}`,
      wanted: 'only lengths of 1 can be repeated, and dimensions put in front',
    });
  }
  return seenAs(t, shape, broadcastStrides(t.shape, t.strides, shape));
}
