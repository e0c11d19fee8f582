import { apart, to, wantsBroadcastTo } from './copies.ts';
import { type DType, floatOf, isFloat } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { exp, log, pow, tanh } from './math.ts';
import { promote, wantsFloat, wantsNumbers, wantsOperand } from './operands.ts';
import { eachRow } from './rows.ts';
import { broadcastShapes, sameShape } from './shape.ts';
import type { Data } from './storage.ts';
import { blank, type Strided, scalar } from './strided.ts';

// Operations element by element. Each is a record: torch's name, the formula, and the type it is computed in. A new one
// is a record here and a line in tensor.ts.

// ————— of two operands —————

/**
 * One row of an operation on two operands: `out[o + k·os] = a[i + k·as] ∘ b[j + k·bs]` for k = 0 … n − 1. A scalar is
 * an operand of stride 0.
 */
type Row = (
  out: Data,
  o: number,
  os: number,
  a: Data,
  i: number,
  as: number,
  b: Data,
  j: number,
  bs: number,
  n: number,
) => void;

export interface BinaryOperation {
  readonly name: string;
  readonly row: Row;
  /** The type it is computed in. Throws for types that it does not take; `operation` is for the message. */
  readonly dtype: (operation: string, a: Strided, b: Strided | number) => DType;
  /** The result is bool, whatever is compared. */
  readonly compares?: true;
}

const asTheyMeet: BinaryOperation['dtype'] = (_, a, b) => promote(a, b);

const numbersOnly: BinaryOperation['dtype'] = (operation, a, b) => {
  wantsNumbers(operation, a, b);
  return promote(a, b);
};

const wholePowersOfWholeNumbers: BinaryOperation['dtype'] = (operation, a, b) => {
  const dtype = promote(a, b);
  if (!isFloat(dtype) && (typeof b === 'number' ? b < 0 : hasNegative(b))) {
    throw new ShapeError({
      operation,
      came: 'a negative power of whole numbers is no whole number',
      advice: 'Convert them first with .float()',
    });
  }
  return dtype;
};

function hasNegative(t: Strided): boolean {
  let found = false;
  eachRow(t.shape, t, t, t, (i, _, __, n, is) => {
    for (let k = 0; k < n; k++) found ||= t.data[i + k * is]! < 0;
  });
  return found;
}

// Every loop that training waits for begins by saying `x |= 0` of its offsets and counts. It changes nothing, they are
// whole numbers below 2³¹; but the compiler cannot know, and would compute every address as a double.

const addRow: Row = (out, o, os, a, i, as, b, j, bs, n) => {
  o |= 0;
  i |= 0;
  j |= 0;
  n |= 0;
  if (os === 1 && as === 1 && bs === 1 && n >= 256) {
    addDense(out.subarray(o, o + n), a.subarray(i, i + n), b.subarray(j, j + n));
  } else {
    for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = a[i]! + b[j]!;
  }
};

/**
 * The sums of the gradients are made here, 40,000 elements for every sample. Eight elements a turn, counted from 0,
 * take less than half the time of the loop above: the compiler then checks fewer bounds and computes fewer addresses.
 */
function addDense(out: Data, a: Data, b: Data): void {
  const n = out.length | 0;
  let k = 0;
  for (; k + 8 <= n; k += 8) {
    out[k] = a[k]! + b[k]!;
    out[k + 1] = a[k + 1]! + b[k + 1]!;
    out[k + 2] = a[k + 2]! + b[k + 2]!;
    out[k + 3] = a[k + 3]! + b[k + 3]!;
    out[k + 4] = a[k + 4]! + b[k + 4]!;
    out[k + 5] = a[k + 5]! + b[k + 5]!;
    out[k + 6] = a[k + 6]! + b[k + 6]!;
    out[k + 7] = a[k + 7]! + b[k + 7]!;
  }
  for (; k < n; k++) out[k] = a[k]! + b[k]!;
}

const subRow: Row = (out, o, os, a, i, as, b, j, bs, n) => {
  for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = a[i]! - b[j]!;
};

const mulRow: Row = (out, o, os, a, i, as, b, j, bs, n) => {
  for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = a[i]! * b[j]!;
};

const divRow: Row = (out, o, os, a, i, as, b, j, bs, n) => {
  for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = a[i]! / b[j]!;
};

const powRow: Row = (out, o, os, a, i, as, b, j, bs, n) => {
  if (bs === 0 && b[j] === 2) mulRow(out, o, os, a, i, as, a, i, as, n);
  else for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = pow(a[i]!, b[j]!);
};

/** The row of a formula. */
function rowOf(f: (x: number, y: number) => number): Row {
  return (out, o, os, a, i, as, b, j, bs, n) => {
    for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = f(a[i]!, b[j]!);
  };
}

export const add: BinaryOperation = { name: 'add', row: addRow, dtype: asTheyMeet };
export const sub: BinaryOperation = { name: 'sub', row: subRow, dtype: numbersOnly };
export const mul: BinaryOperation = { name: 'mul', row: mulRow, dtype: asTheyMeet };
export const div: BinaryOperation = { name: 'div', row: divRow, dtype: (_, a, b) => floatOf(promote(a, b)) };
export const power: BinaryOperation = { name: 'pow', row: powRow, dtype: wholePowersOfWholeNumbers };

const comparison = (name: string, f: (x: number, y: number) => boolean): BinaryOperation => ({
  name,
  row: rowOf((x, y) => (f(x, y) ? 1 : 0)),
  dtype: asTheyMeet,
  compares: true,
});
export const eq: BinaryOperation = comparison('eq', (x, y) => x === y);
export const ne: BinaryOperation = comparison('ne', (x, y) => x !== y);
export const lt: BinaryOperation = comparison('lt', (x, y) => x < y);
export const le: BinaryOperation = comparison('le', (x, y) => x <= y);
export const gt: BinaryOperation = comparison('gt', (x, y) => x > y);
export const ge: BinaryOperation = comparison('ge', (x, y) => x >= y);

/** a ∘ b in storage of its own. */
export function binary<T extends Strided>(operation: BinaryOperation, a: T, b: T | number): T {
  wantsOperand(operation.name, b);
  const dtype = operation.dtype(operation.name, a, b);
  const shape = typeof b === 'number' || b.dim() === 0 ? a.shape : broadcastShapes(operation.name, a.shape, b.shape);
  if (operation.compares) return run(operation, blank(a, shape, 'bool'), to(a, dtype), b, dtype);
  // sums and products of bools are whole numbers at first: 1 + 1 is true
  const result = blank(a, shape, dtype === 'bool' ? 'int64' : dtype);
  return to(run(operation, result, to(a, dtype), b, dtype), dtype);
}

/** a ← a ∘ b, refused before anything is written. */
export function binaryInPlace<T extends Strided>(operation: BinaryOperation, a: T, b: T | number): T {
  const name = `${operation.name}_`;
  wantsOperand(name, b);
  wantsNumbers(name, a);
  const dtype = operation.dtype(name, a, b);
  if (isFloat(dtype) && !isFloat(a.dtype)) {
    throw new ShapeError({
      operation: name,
      came: `a result of ${dtype} does not fit into a tensor of ${a.dtype}`,
      advice: 'Convert it first with .float()',
    });
  }
  if (typeof b === 'number') return run(operation, a, a, b, a.dtype);
  wantsBroadcastTo(name, a, b);
  return run(operation, a, a, apart(b, a), a.dtype);
}

/** result ← a ∘ b. a has `dtype`, and b is brought to it first, so that a row meets one kind of storage at a time. */
function run<T extends Strided>({ row }: BinaryOperation, result: T, a: T, b: T | number, dtype: DType): T {
  const y: Strided = typeof b === 'number' ? scalar(a, b, dtype) : to(b, dtype);
  const isScalar = y.numel() === 1;
  if (isDense(result, result) && isDense(a, result) && (isScalar || isDense(y, result))) {
    row(result.data, result.offset, 1, a.data, a.offset, 1, y.data, y.offset, isScalar ? 0 : 1, result.numel());
  } else {
    eachRow(result.shape, result, a, y, (o, i, j, length, os, as, bs) =>
      row(result.data, o, os, a.data, i, as, y.data, j, bs, length),
    );
  }
  return result;
}

/** Whether the elements of `t` lie one after the other, in the order of those of `result`. */
function isDense(t: Strided, result: Strided): boolean {
  return sameShape(t.shape, result.shape) && t.isContiguous();
}

// ————— of one —————

export interface UnaryOperation {
  readonly name: string;
  readonly f: (x: number) => number;
  /** The type of the result. Throws for types that it does not take; `operation` is for the message. */
  readonly dtype: (operation: string, t: Strided) => DType;
}

const itsOwn: UnaryOperation['dtype'] = (_, t) => t.dtype;
const itsOwnNumbers: UnaryOperation['dtype'] = (operation, t) => {
  wantsNumbers(operation, t);
  return t.dtype;
};
const aFloat: UnaryOperation['dtype'] = (_, t) => floatOf(t.dtype);

export const neg: UnaryOperation = { name: 'neg', f: x => -x, dtype: itsOwnNumbers };
export const abs: UnaryOperation = { name: 'abs', f: Math.abs, dtype: itsOwn };
export const exponential: UnaryOperation = { name: 'exp', f: exp, dtype: aFloat };
export const logarithm: UnaryOperation = { name: 'log', f: log, dtype: aFloat };
export const hyperbolicTangent: UnaryOperation = { name: 'tanh', f: tanh, dtype: aFloat };
export const squareRoot: UnaryOperation = { name: 'sqrt', f: Math.sqrt, dtype: aFloat };

/** f(t) in storage of its own. */
export function unary<T extends Strided>({ name, f, dtype }: UnaryOperation, t: T): T {
  return each(f, t, blank(t, t.shape, dtype(name, t)));
}

/** t ← f(t), refused before anything is written. */
export function unaryInPlace<T extends Strided>({ name, f, dtype }: UnaryOperation, t: T): T {
  if (dtype(`${name}_`, t) !== t.dtype) wantsFloat(`${name}_`, t);
  return each(f, t, t);
}

/** result ← f(t), of one shape. */
export function each<T extends Strided>(f: (x: number) => number, t: T, result: T): T {
  const out = result.data;
  const data = t.data;
  eachRow(result.shape, result, t, t, (o, i, _, length, os, is) => {
    for (let k = 0; k < length; k++, o += os, i += is) out[o] = f(data[i]!);
  });
  return result;
}
