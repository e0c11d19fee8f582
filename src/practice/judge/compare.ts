import type { Tensor } from '../../tensor/index.ts';
import type { TensorValue } from '../protocol.ts';

/** Differences up to this, relative to the largest entry, are rounding: float32 temporaries are allowed. */
const TOLERANCE = 1e-5;

export function toleranceFor(right: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < right.length; i++) largest = Math.max(largest, Math.abs(right[i]!));
  return TOLERANCE * largest;
}

/** How a learner keeps a vector: as one, or as a matrix of one column or one row. */
export type Form = 'vector' | 'column' | 'row';

/** The form of a value that should be a tensor of this shape; null where it has neither. */
export function formOf(theirs: readonly number[], wanted: readonly number[]): Form | null {
  if (sameShape(theirs, wanted)) return 'vector';
  const [n, ...others] = wanted;
  if (n === undefined || others.length > 0) return null;
  if (sameShape(theirs, [n, 1])) return 'column';
  return sameShape(theirs, [1, n]) ? 'row' : null;
}

/** A right value as a learner keeps it. */
export function inForm(right: Tensor, form: Form): Tensor {
  if (form === 'vector') return right;
  return right.contiguous().view(...(form === 'column' ? [-1, 1] : [1, -1])) as Tensor;
}

/** A learner's column or row as the vector that it is. */
export function asVector(value: TensorValue): TensorValue {
  return { ...value, shape: [value.data.length] };
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, d) => length === b[d]);
}

/** The place of the first entry that is wrong, counted row by row, or −1. A NaN is wrong. */
export function firstWrong(theirs: TensorValue, right: Tensor): number {
  const wanted = right.elements();
  const tolerance = toleranceFor(wanted);
  for (let i = 0; i < wanted.length; i++) if (!(Math.abs(theirs.data[i]! - wanted[i]!) <= tolerance)) return i;
  return -1;
}

export function isRight(theirs: TensorValue, right: Tensor): boolean {
  return sameShape(theirs.shape, right.shape) && firstWrong(theirs, right) === -1;
}

/** Whether a formula gives their numbers: here NaN explains NaN, and Infinity Infinity. */
export function reproduces(formula: Tensor, theirs: TensorValue): boolean {
  if (!sameShape(theirs.shape, formula.shape)) return false;
  const computed = formula.elements();
  const finite = theirs.data.filter(Number.isFinite);
  const tolerance = toleranceFor(finite);
  return computed.every((x, i) => {
    const own = theirs.data[i]!;
    return Object.is(x, own) || x === own || Math.abs(x - own) <= tolerance;
  });
}

/** Whether two values hold exactly the same numbers, in the same shape. */
export function identical(a: TensorValue, b: TensorValue): boolean {
  return sameShape(a.shape, b.shape) && sameNumbers(a, b);
}

/** The same, whatever their shapes. */
export function sameNumbers(a: TensorValue, b: TensorValue): boolean {
  return a.data.length === b.data.length && a.data.every((x, i) => Object.is(x, b.data[i]) || x === b.data[i]);
}
