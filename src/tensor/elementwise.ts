import { apart, assign, to, wantsBroadcastTo } from './copies.ts';
import { cast, type DType, floatOf, isFloat } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { cosh, exp, log, pow, sigmoid, tanh } from './math.ts';
import { promote, wantsFloat, wantsNumbers, wantsOperand, wantsOwnPlaces, wantsTensor } from './operands.ts';
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
  /** The other operand is a tensor, not a number. */
  readonly ofTensors?: true;
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
  const power = bs === 0 ? b[j] : undefined;
  if (power === 2) mulRow(out, o, os, a, i, as, a, i, as, n);
  else if (power === -1) for (let k = 0; k < n; k++, o += os, i += as) out[o] = 1 / a[i]!;
  else if (power === -2) for (let k = 0; k < n; k++, o += os, i += as) out[o] = 1 / (a[i]! * a[i]!);
  else for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = pow(a[i]!, b[j]!);
};

/** The row of a formula. */
function rowOf(f: (x: number, y: number) => number): Row {
  return (out, o, os, a, i, as, b, j, bs, n) => {
    for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = f(a[i]!, b[j]!);
  };
}

/** Those that can also be done in place, `add_` and so on. */
export const arithmetic: readonly BinaryOperation[] = [
  { name: 'add', row: addRow, dtype: asTheyMeet },
  { name: 'sub', row: subRow, dtype: numbersOnly },
  { name: 'mul', row: mulRow, dtype: asTheyMeet },
  { name: 'div', row: divRow, dtype: (_, a, b) => floatOf(promote(a, b)) },
  { name: 'pow', row: powRow, dtype: wholePowersOfWholeNumbers },
];

const comparison = (name: string, f: (x: number, y: number) => boolean): BinaryOperation => ({
  name,
  row: rowOf((x, y) => (f(x, y) ? 1 : 0)),
  dtype: asTheyMeet,
  compares: true,
});
export const comparisons: readonly BinaryOperation[] = [
  comparison('eq', (x, y) => x === y),
  comparison('ne', (x, y) => x !== y),
  comparison('lt', (x, y) => x < y),
  comparison('le', (x, y) => x <= y),
  comparison('gt', (x, y) => x > y),
  comparison('ge', (x, y) => x >= y),
];

/** The one of two that wins, or NaN where one of them is. */
const choice = (name: string, wins: (x: number, y: number) => boolean): BinaryOperation => ({
  name,
  row: rowOf((x, y) => (x !== x || wins(x, y) ? x : y)),
  dtype: asTheyMeet,
  ofTensors: true,
});
export const choices: readonly BinaryOperation[] = [
  choice('maximum', (x, y) => x > y),
  choice('minimum', (x, y) => x < y),
];

/** a ∘ b in storage of its own. */
export function binary<T extends Strided>(operation: BinaryOperation, a: T, b: T | number): T {
  if (operation.ofTensors) wantsTensor(operation.name, b);
  else wantsOperand(operation.name, b);
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
  wantsOwnPlaces(name, a);
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

/** Each can also be done in place, `neg_` and so on. */
export const functionsOfOne: readonly UnaryOperation[] = [
  { name: 'neg', f: x => -x, dtype: itsOwnNumbers },
  { name: 'abs', f: Math.abs, dtype: itsOwn },
  { name: 'exp', f: exp, dtype: aFloat },
  { name: 'log', f: log, dtype: aFloat },
  { name: 'tanh', f: tanh, dtype: aFloat },
  { name: 'cosh', f: cosh, dtype: aFloat },
  { name: 'sqrt', f: Math.sqrt, dtype: aFloat },
  { name: 'sigmoid', f: sigmoid, dtype: aFloat },
  { name: 'relu', f: x => Math.max(x, 0), dtype: itsOwnNumbers },
];

/** f(t) in storage of its own. */
export function unary<T extends Strided>({ name, f, dtype }: UnaryOperation, t: T): T {
  return each(f, t, blank(t, t.shape, dtype(name, t)));
}

/** t ← f(t), refused before anything is written. */
export function unaryInPlace<T extends Strided>({ name, f, dtype }: UnaryOperation, t: T): T {
  wantsOwnPlaces(`${name}_`, t);
  if (dtype(`${name}_`, t) !== t.dtype) wantsFloat(`${name}_`, t);
  return each(f, t, t);
}

/** result ← f(t), of one shape. */
export function each<T extends Strided>(f: (x: number) => number, t: T, result: T): T {
  const out = result.data;
  const data = t.data;
  if (result.isContiguous() && t.isContiguous()) {
    const n = result.numel();
    for (let k = 0, o = result.offset, i = t.offset; k < n; k++) out[o + k] = f(data[i + k]!);
    return result;
  }
  eachRow(result.shape, result, t, t, (o, i, _, length, os, is) => {
    for (let k = 0; k < length; k++, o += os, i += is) out[o] = f(data[i]!);
  });
  return result;
}

// ————— of three —————

/** x where the condition holds, y elsewhere; numbers and all three shapes broadcast. */
export function where<T extends Strided>(condition: T, x: T | number, y: T | number): T {
  const operation = 'where';
  wantsTensor(operation, condition);
  wantsOperand(operation, x);
  wantsOperand(operation, y);
  if (condition.dtype !== 'bool') {
    throw new ShapeError({
      operation,
      came: `a condition of ${condition.dtype}`,
      wanted: 'it wants bool',
      advice: 'Compare, as in x.gt(0)',
    });
  }
  const dtype = typeof x !== 'number' ? promote(x, y) : typeof y !== 'number' ? promote(y, x) : typeOf(x, y);
  const a = typeof x === 'number' ? scalar(condition, x, dtype) : x;
  const b = typeof y === 'number' ? scalar(condition, y, dtype) : y;
  const shape = broadcastShapes(operation, broadcastShapes(operation, condition.shape, a.shape), b.shape);
  const result = blank(condition, shape, dtype);
  assign(result, b);
  eachRow(shape, result, condition, a, (o, i, j, n, os, is, js) => {
    for (let k = 0; k < n; k++) {
      if (condition.data[i + k * is]) result.data[o + k * os] = cast(dtype, a.data[j + k * js]!);
    }
  });
  return result;
}

/** The type of two numbers. */
function typeOf(x: number, y: number): DType {
  return Number.isInteger(x) && Number.isInteger(y) ? 'int64' : 'float32';
}
