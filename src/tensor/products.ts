import { assign, contiguous, to } from './copies.ts';
import { ShapeError } from './errors.ts';
import { promote, wantsTensor } from './operands.ts';
import { broadcastShapes, show } from './shape.ts';
import type { Data } from './storage.ts';
import { blank, type Strided } from './strided.ts';
import { expand, select, transposed, unsqueeze } from './views.ts';

/** Matrix times vector: [R, K] times [K] is [R]. */
export function mv<T extends Strided>(matrix: T, v: T): T {
  wantsTensor('mv', v);
  if (matrix.dim() !== 2 || v.dim() !== 1) {
    throw new ShapeError({
      operation: 'mv',
      came: `${show(matrix.shape)} times ${show(v.shape)}`,
      wanted: 'it wants a matrix times a vector',
      advice: v.dim() === 2 ? 'Did you mean mm?' : undefined,
    });
  }
  const [rows, columns] = matrix.shape as [number, number];
  if (v.shape[0] !== columns) {
    throw new ShapeError({
      operation: 'mv',
      came: `the matrix is ${show(matrix.shape)} but v is ${show(v.shape)}`,
      wanted: `it wants [${columns}]`,
      advice: v.shape[0] === rows ? 'Did you mean the transpose, .t()?' : undefined,
    });
  }
  const dtype = promote(matrix, v);
  const m = to(matrix, dtype);
  const x = to(v, dtype);
  const result = blank(matrix, [rows], dtype);
  const [rowStride, columnStride] = m.strides as [number, number];
  mvLoop(result.data, m.data, m.offset, rowStride, columnStride, x.data, x.offset, x.strides[0]!, rows, columns);
  return result;
}

/** Matrix times matrix: [R, K] times [K, C] is [R, C]. */
export function mm<T extends Strided>(a: T, b: T): T {
  wantsTensor('mm', b);
  if (a.dim() !== 2 || b.dim() !== 2) {
    throw new ShapeError({
      operation: 'mm',
      came: `${show(a.shape)} times ${show(b.shape)}`,
      wanted: 'it wants a matrix times a matrix',
      advice: b.dim() === 1 ? 'Did you mean mv, or a view with a length of 1?' : undefined,
    });
  }
  const [rows, inner] = a.shape as [number, number];
  const columns = b.shape[1]!;
  if (b.shape[0] !== inner) {
    throw new ShapeError({
      operation: 'mm',
      came: `${show(a.shape)} times ${show(b.shape)}`,
      wanted: `the second wants [${inner}, …]`,
      advice: columns === inner ? 'Did you mean its transpose, .t()?' : undefined,
    });
  }
  if (inner === 1) return outer(select(a, 1, 0), select(b, 0, 0));
  const dtype = promote(a, b);
  const { data, offset, strides } = to(a, dtype);
  const [rowStride, columnStride] = strides as [number, number];
  const columnsOfB = contiguous(transposed(to(b, dtype)));
  const result = blank(a, [rows, columns], dtype);
  for (let r = 0; r < rows; r++) {
    // row r of the product is the matrix of b's columns times row r of a
    const row = result.data.subarray(r * columns, (r + 1) * columns);
    const from = offset + r * rowStride;
    mvLoop(row, columnsOfB.data, columnsOfB.offset, inner, 1, data, from, columnStride, columns, inner);
  }
  return result;
}

/** Column times row, u vᵀ: [R] and [C] give [R, C], u[r] · v[c]. */
export function outer<T extends Strided>(u: T, v: T): T {
  wantsTensor('outer', v);
  if (u.dim() !== 1 || v.dim() !== 1) {
    throw new ShapeError({
      operation: 'outer',
      came: `${show(u.shape)} and ${show(v.shape)}`,
      wanted: 'it wants a vector and a vector',
    });
  }
  const dtype = promote(u, v);
  const a = to(u, dtype);
  const b = contiguous(to(v, dtype));
  const [rows] = a.shape as [number];
  const [columns] = b.shape as [number];
  const result = blank(u, [rows, columns], dtype);
  outerLoop(result.data, a.data, a.offset, a.strides[0]!, b.data, b.offset, rows, columns);
  return result;
}

/** Σ u[k] v[k], of vectors of one length. The sum is kept in double precision. */
export function dot<T extends Strided>(u: T, v: T): T {
  wantsTensor('dot', v);
  if (u.dim() !== 1 || v.dim() !== 1 || u.shape[0] !== v.shape[0]) {
    throw new ShapeError({
      operation: 'dot',
      came: `${show(u.shape)} and ${show(v.shape)}`,
      wanted: 'it wants two vectors of one length',
      advice: u.dim() === 2 ? (v.dim() === 2 ? 'Did you mean mm?' : 'Did you mean mv?') : undefined,
    });
  }
  return select(mv(unsqueeze(u, 0), v), 0, 0);
}

/**
 * The product of two vectors, of a matrix and a vector, of a vector and a matrix, or of two matrices. With more
 * dimensions than two, of the matrices in the last two; the dimensions before them broadcast.
 */
export function matmul<T extends Strided>(a: T, b: T): T {
  wantsTensor('matmul', b);
  if (a.dim() === 0 || b.dim() === 0) {
    throw new ShapeError({
      operation: 'matmul',
      came: `${show(a.shape)} times ${show(b.shape)}`,
      wanted: 'both want at least one dimension',
      advice: 'Did you mean mul?',
    });
  }
  const rows = a.dim() === 1 ? unsqueeze(a, 0) : a;
  const columns = b.dim() === 1 ? unsqueeze(b, 1) : b;
  const inner = rows.shape[rows.dim() - 1]!;
  if (columns.shape[columns.dim() - 2] !== inner) {
    throw new ShapeError({
      operation: 'matmul',
      came: `${show(a.shape)} times ${show(b.shape)}`,
      wanted: `the second wants ${inner} ${b.dim() === 1 ? 'elements' : 'rows'}`,
      advice: b.shape[b.dim() - 1] === inner ? 'Did you mean its transpose, .t()?' : undefined,
    });
  }
  if (a.dim() <= 2 && b.dim() === 1) return a.dim() === 1 ? dot(a, b) : mv(a, b);
  const outerLengths = broadcastShapes('matmul', rows.shape.slice(0, -2), columns.shape.slice(0, -2));
  const [R, C] = [rows.shape[rows.dim() - 2]!, columns.shape[columns.dim() - 1]!];
  const product = blank(a, [...outerLengths, R, C], promote(a, b));
  const multiply = (x: T, y: T, into: T): void => {
    if (into.dim() === 2) assign(into, mm(x, y));
    else for (let i = 0; i < into.shape[0]!; i++) multiply(select(x, 0, i), select(y, 0, i), select(into, 0, i));
  };
  multiply(expand(rows, [...outerLengths, R, inner]), expand(columns, [...outerLengths, inner, C]), product);
  const withoutRow = a.dim() === 1 ? select(product, product.dim() - 2, 0) : product;
  return b.dim() === 1 ? select(withoutRow, withoutRow.dim() - 1, 0) : withoutRow;
}

// As in elementwise.ts, the loops begin by saying `x |= 0`: the compiler then knows whole numbers below 2³¹.

/** Matrix times vector: `out[r] = Σₖ a[r, k] v[k]`, out dense. The sums are kept in double precision. */
function mvLoop(
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
function outerLoop(
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
