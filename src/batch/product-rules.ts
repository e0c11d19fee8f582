import { Tensor } from '../tensor/index.ts';
import type { Batch, Rule } from './batch.ts';
import { Many } from './many.ts';
import { Outer, Weighted } from './pending.ts';
import type { Matrix, Vectors } from './products.ts';

const isFloat32 = (...tensors: readonly Tensor[]): boolean => tensors.every(({ dtype }) => dtype === 'float32');

/** A vector of each sample as the products want it. */
export function vectorsOf(batch: Batch, vector: Many): Vectors {
  const { first, step, samples } = batch.again.original(vector);
  const { data, offset, strides, shape } = first;
  return { data: data as Float32Array, offset, step, stride: strides[0]!, samples, length: shape[0]! };
}

export function matrixOf({ data, offset, strides, shape }: Tensor): Matrix {
  const [rows, columns] = shape as [number, number];
  return { data: data as Float32Array, offset, rowStride: strides[0]!, columnStride: strides[1]!, rows, columns };
}

/** One matrix, and a vector of each sample: a product of two matrices. */
function matrixTimesMany(batch: Batch, matrix: Tensor, vector: Many): Many {
  const [rows] = matrix.shape as [number];
  const data = batch.room('float32', rows) as Float32Array;
  batch.products.matrixTimes(matrixOf(matrix), vectorsOf(batch, vector), data);
  return Many.dense(batch.samples, data, [rows], 'float32');
}

const isOne = (matrix: unknown, dimensions: number): matrix is Tensor =>
  matrix instanceof Tensor && matrix.dim() === dimensions;
const isMany = (many: unknown, dimensions: number): many is Many =>
  many instanceof Many && many.shape.length === dimensions;

const mv: Rule = (batch, { name, behind }) => {
  const [matrix, v] = [behind[0], batch.lookedAt(name, behind[1])];
  if (!isOne(matrix, 2) || !isMany(v, 1) || matrix.shape[1] !== v.shape[0] || !isFloat32(matrix, v.first))
    return undefined;
  return batch.stand(matrixTimesMany(batch, matrix, v));
};

/** The vector that a matrix is of which one length is 1. */
function asVector({ first, step, samples }: Many, dim: 0 | 1): Many {
  return new Many(samples, first.select(dim, 0 as never), step);
}

const mm: Rule = (batch, { name, behind }) => {
  const [a, b] = behind.map(one => batch.lookedAt(name, one));
  // a row times the matrix is its transpose times the column
  if (isMany(a, 2) && isOne(b, 2) && a.shape[0] === 1 && a.shape[1] === b.shape[0] && isFloat32(a.first, b)) {
    const product = matrixTimesMany(batch, b.t() as Tensor, asVector(a, 0));
    return batch.stand(new Many(batch.samples, product.first.unsqueeze(0), product.step));
  }
  if (isOne(a, 2) && isMany(b, 2) && b.shape[1] === 1 && a.shape[1] === b.shape[0] && isFloat32(a, b.first)) {
    const product = matrixTimesMany(batch, a, asVector(b, 1));
    return batch.stand(new Many(batch.samples, product.first.unsqueeze(1), product.step));
  }
  const [u, v] = [asMany(batch, a), asMany(batch, b)];
  if (isMany(u, 2) && isMany(v, 2) && u.shape[1] === 1 && v.shape[0] === 1 && isFloat32(u.first, v.first))
    return batch.stand(new Outer(asVector(u, 1), asVector(v, 0)));
  return undefined;
};

function asMany(batch: Batch, one: unknown): unknown {
  return one instanceof Tensor ? new Many(batch.samples, kept(batch, one), 0) : one;
}

/** What a product that is computed later is made of. A program could write to what it has made itself, meanwhile. */
function kept(batch: Batch, one: Tensor): Tensor {
  return batch.fixed.has(one) ? one : (one.clone() as Tensor);
}

const outer: Rule = (batch, { name, behind }) => {
  const [u, v] = behind.map(one => asMany(batch, batch.lookedAt(name, one)));
  if (!isMany(u, 1) || !isMany(v, 1) || !isFloat32(u.first, v.first)) return undefined;
  return batch.stand(new Outer(u, v));
};

const matmul: Rule = (batch, asked) => {
  const [a, b] = asked.behind.map(one => (one instanceof Outer || one instanceof Weighted ? undefined : one));
  const dimensions = (one: unknown) => (one as Tensor | Many | undefined)?.shape.length;
  if (dimensions(a) === 2 && dimensions(b) === 1) return mv(batch, asked);
  if (dimensions(a) === 2 && dimensions(b) === 2) return mm(batch, asked);
  if (isMany(a, 1) && isOne(b, 2) && a.shape[0] === b.shape[0] && isFloat32(a.first, b))
    return batch.stand(matrixTimesMany(batch, b.t() as Tensor, a));
  return undefined;
};

const scaled =
  (factor: (operand: unknown) => number | undefined): Rule =>
  (batch, { behind: [a, b] }) => {
    const by = factor(b);
    if (!(a instanceof Outer) || by === undefined || !Number.isFinite(by)) return undefined;
    return batch.stand(new Outer(a.u, a.v, a.factor * by));
  };

const byNumber: Rule = scaled(by => (typeof by === 'number' ? by : undefined));

/** Element by element, but a product in disguise: column times row, or a matrix whose rows are to be summed. */
const mul: Rule = (batch, asked) => {
  const [a, b] = asked.behind;
  return byNumber(batch, asked) ?? disguised(batch, a, b) ?? disguised(batch, b, a);
};

function disguised(batch: Batch, a: unknown, b: unknown): Tensor | undefined {
  if (!(b instanceof Many) || b.first.dtype !== 'float32') return undefined;
  const isRow = b.shape.length === 1 || (b.shape.length === 2 && b.shape[0] === 1);
  const row = () => (b.shape.length === 1 ? b : asVector(b, 0));
  if (isMany(a, 2) && a.shape[1] === 1 && a.shape[0]! > 1 && isRow && b.shape.at(-1)! > 1 && isFloat32(a.first))
    return batch.stand(new Outer(asVector(a, 1), row()));
  if (!isOne(a, 2) || !isFloat32(a)) return undefined;
  if (isRow && a.shape[1] === b.shape.at(-1) && a.shape[0]! > 1)
    return batch.stand(new Weighted(kept(batch, a), row(), 1));
  if (isMany(b, 2) && b.shape[1] === 1 && a.shape[0] === b.shape[0] && a.shape[1]! > 1)
    return batch.stand(new Weighted(kept(batch, a), asVector(b, 1), 0));
  return undefined;
}

/** The sum of a matrix's entries times those of a vector, along the vector, is their product. */
const sum: Rule = (batch, { name, behind: [of, dim, keepdim] }) => {
  if (!(of instanceof Weighted) || typeof dim !== 'number' || (dim < 0 ? dim + 2 : dim) !== of.along) return undefined;
  const { matrix, vector, along } = of;
  const product = matrixTimesMany(batch, along === 1 ? matrix : (matrix.t() as Tensor), vector);
  if (!keepdim) return batch.stand(product);
  return batch.stand(new Many(batch.samples, product.first.unsqueeze(along), product.step));
};

export const productRules: ReadonlyMap<string, Rule> = new Map([
  ['mv', mv],
  ['mm', mm],
  ['outer', outer],
  ['matmul', matmul],
  ['mul', mul],
  ['div', scaled(by => (typeof by === 'number' ? 1 / by : undefined))],
  ['neg', scaled(() => -1)],
  ['sum', sum],
]);
