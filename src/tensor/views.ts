import { ShapeError } from './errors.ts';
import { dimension, show, viewedShape, viewedStrides } from './shape.ts';
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
  return seenAs(t, [...t.shape].reverse(), [...t.strides].reverse());
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
