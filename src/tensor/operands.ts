import { type DType, isFloat, wider } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { Strided } from './strided.ts';

// What may come to an operation, and the type of elements in which two operands meet. The types of TypeScript refuse
// most of what is refused here; but not for JavaScript, nor through `any`.

/** Refuses what is no tensor. */
export function wantsTensor(operation: string, operand: unknown): asserts operand is Strided {
  if (operand instanceof Strided) return;
  throw new ShapeError({
    operation,
    came: kindOf(operand),
    wanted: 'it wants a tensor',
    advice: 'Make one with tensor(…)',
  });
}

/** Refuses what is neither a tensor nor a number. */
export function wantsOperand(operation: string, operand: unknown): void {
  if (typeof operand === 'number' || operand instanceof Strided) return;
  throw new ShapeError({
    operation,
    came: kindOf(operand),
    wanted: 'it wants a tensor or a number',
    advice: 'Make a tensor with tensor(…)',
  });
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

export function wantsFloat(operation: string, t: Strided): void {
  if (isFloat(t.dtype)) return;
  throw new ShapeError({
    operation,
    came: `a tensor of ${t.dtype}`,
    wanted: `${operation} wants float32 or float64`,
    advice: 'Convert it with .float()',
  });
}

/** Refuses tensors of bool. */
export function wantsNumbers(operation: string, ...operands: (Strided | number)[]): void {
  if (!operands.some(operand => typeof operand !== 'number' && operand.dtype === 'bool')) return;
  throw new ShapeError({
    operation,
    came: 'a tensor of bool',
    wanted: `${operation} wants numbers`,
    advice: 'Convert it with .long()',
  });
}

/** Refuses to write to elements that lie several at one place, as those of an expanded tensor do. */
export function wantsOwnPlaces(operation: string, t: Strided): void {
  if (t.shape.includes(0) || !t.shape.some((length, d) => length > 1 && t.strides[d] === 0)) return;
  throw new ShapeError({
    operation,
    came: 'a tensor of which many elements lie at one place',
    wanted: 'each wants its own to be written to',
    advice: 'Make a copy first with clone()',
  });
}

/**
 * The type that two operands meet in. A number takes the tensor's, unless that could not hold it, and among float types
 * a tensor of no dimensions counts as a number.
 */
export function promote(a: Strided, b: Strided | number): DType {
  if (typeof b === 'number') return isFloat(a.dtype) ? a.dtype : Number.isInteger(b) ? 'int64' : 'float32';
  if (isFloat(a.dtype) && isFloat(b.dtype) && (a.dim() === 0) !== (b.dim() === 0))
    return a.dim() === 0 ? b.dtype : a.dtype;
  return wider(a.dtype, b.dtype);
}
