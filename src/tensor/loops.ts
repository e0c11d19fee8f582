import { pow } from './math.ts';

/** Where a tensor's elements lie. int64 is kept in doubles (exact up to 2⁵³), bool in bytes. */
export type Data = Float32Array | Float64Array | Uint8Array;

// Every loop that training waits for begins by saying `x |= 0` of its offsets, strides and counts. It changes nothing,
// they are whole numbers below 2³¹; but the compiler cannot know, and would compute every address as a double.

/**
 * One row of an operation on two operands: `out[o + k·os] = a[i + k·as] ∘ b[j + k·bs]` for k = 0 … n − 1. A scalar is
 * an operand of stride 0.
 */
export type BinaryLoop = (
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

export const addLoop: BinaryLoop = (out, o, os, a, i, as, b, j, bs, n) => {
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

export const subLoop: BinaryLoop = (out, o, os, a, i, as, b, j, bs, n) => {
  for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = a[i]! - b[j]!;
};

export const mulLoop: BinaryLoop = (out, o, os, a, i, as, b, j, bs, n) => {
  for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = a[i]! * b[j]!;
};

export const divLoop: BinaryLoop = (out, o, os, a, i, as, b, j, bs, n) => {
  for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = a[i]! / b[j]!;
};

function loopOf(f: (x: number, y: number) => number): BinaryLoop {
  return (out, o, os, a, i, as, b, j, bs, n) => {
    for (let k = 0; k < n; k++, o += os, i += as, j += bs) out[o] = f(a[i]!, b[j]!);
  };
}

export const powLoop: BinaryLoop = loopOf(pow);
export const eqLoop: BinaryLoop = loopOf((x, y) => (x === y ? 1 : 0));
export const neLoop: BinaryLoop = loopOf((x, y) => (x !== y ? 1 : 0));
export const ltLoop: BinaryLoop = loopOf((x, y) => (x < y ? 1 : 0));
export const leLoop: BinaryLoop = loopOf((x, y) => (x <= y ? 1 : 0));
export const gtLoop: BinaryLoop = loopOf((x, y) => (x > y ? 1 : 0));
export const geLoop: BinaryLoop = loopOf((x, y) => (x >= y ? 1 : 0));

/**
 * Calls `visit` for each row (the last dimension) of `shape`, with the places where the row begins in up to three
 * operands. Neighbouring dimensions that every operand walks in one stride are one row.
 */
export function eachRow(
  shape: readonly number[],
  offsets: readonly [number, number, number],
  strides: readonly [readonly number[], readonly number[], readonly number[]],
  visit: (o: number, i: number, j: number, length: number) => void,
): void {
  let d = shape.length;
  let length = 1;
  const inner = strides.map(s => s[shape.length - 1] ?? 0);
  while (d > 0 && strides.every((s, k) => d === shape.length || s[d - 1] === inner[k]! * length)) {
    d -= 1;
    length *= shape[d]!;
  }
  if (length === 0 || shape.includes(0)) return;
  const index = new Array<number>(d).fill(0);
  let [o, i, j] = offsets;
  const [os, is, js] = strides;
  for (;;) {
    visit(o, i, j, length);
    let k = d - 1;
    for (; k >= 0; k--) {
      o += os[k]!;
      i += is[k]!;
      j += js[k]!;
      index[k]! += 1;
      if (index[k]! < shape[k]!) break;
      o -= os[k]! * shape[k]!;
      i -= is[k]! * shape[k]!;
      j -= js[k]! * shape[k]!;
      index[k] = 0;
    }
    if (k < 0) return;
  }
}

/** Matrix times vector: `out[r] = Σₖ a[r, k] v[k]`, out dense. The sums are kept in double precision. */
export function mvLoop(
  out: Data,
  a: Data,
  i: number,
  rowStride: number,
  columnStride: number,
  v: Data,
  j: number,
  vStride: number,
  rows: number,
  columns: number,
): void {
  i |= 0;
  rowStride |= 0;
  columnStride |= 0;
  j |= 0;
  vStride |= 0;
  rows |= 0;
  columns |= 0;
  // where rows and vector lie densely, eight rows at a time: one load of v serves eight products, and the eight
  // additions need not wait for each other
  let r = 0;
  if (columnStride === 1 && vStride === 1) {
    for (; r + 8 <= rows; r += 8) {
      const p0 = i + r * rowStride;
      const p1 = p0 + rowStride;
      const p2 = p1 + rowStride;
      const p3 = p2 + rowStride;
      const p4 = p3 + rowStride;
      const p5 = p4 + rowStride;
      const p6 = p5 + rowStride;
      const p7 = p6 + rowStride;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let s4 = 0;
      let s5 = 0;
      let s6 = 0;
      let s7 = 0;
      for (let k = 0; k < columns; k++) {
        const y = v[j + k]!;
        s0 += a[p0 + k]! * y;
        s1 += a[p1 + k]! * y;
        s2 += a[p2 + k]! * y;
        s3 += a[p3 + k]! * y;
        s4 += a[p4 + k]! * y;
        s5 += a[p5 + k]! * y;
        s6 += a[p6 + k]! * y;
        s7 += a[p7 + k]! * y;
      }
      out[r] = s0;
      out[r + 1] = s1;
      out[r + 2] = s2;
      out[r + 3] = s3;
      out[r + 4] = s4;
      out[r + 5] = s5;
      out[r + 6] = s6;
      out[r + 7] = s7;
    }
  }
  for (; r < rows; r++) {
    let s = 0;
    for (let k = 0, p = i + r * rowStride, q = j; k < columns; k++, p += columnStride, q += vStride) {
      s += a[p]! * v[q]!;
    }
    out[r] = s;
  }
}

/** Column times row: `out[r, k] = a[r] b[k]`, out and b dense. Four rows at a time: one load of b serves four. */
export function outerLoop(
  out: Data,
  a: Data,
  i: number,
  aStride: number,
  b: Data,
  j: number,
  rows: number,
  columns: number,
): void {
  i |= 0;
  aStride |= 0;
  j |= 0;
  rows |= 0;
  columns |= 0;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const p = i + r * aStride;
    const x0 = a[p]!;
    const x1 = a[p + aStride]!;
    const x2 = a[p + 2 * aStride]!;
    const x3 = a[p + 3 * aStride]!;
    const o0 = r * columns;
    const o1 = o0 + columns;
    const o2 = o1 + columns;
    const o3 = o2 + columns;
    for (let k = 0; k < columns; k++) {
      const y = b[j + k]!;
      out[o0 + k] = x0 * y;
      out[o1 + k] = x1 * y;
      out[o2 + k] = x2 * y;
      out[o3 + k] = x3 * y;
    }
  }
  for (; r < rows; r++) {
    const x = a[i + r * aStride]!;
    const o = r * columns;
    for (let k = 0; k < columns; k++) out[o + k] = x * b[j + k]!;
  }
}
