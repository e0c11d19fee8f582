import { add, ones, randperm, sub, type Tensor, tensor, zeros } from '../../dist/index.js';

// Compiled, never run: every line under `@ts-expect-error` must be an error, every other line must be none.

const w1 = zeros(50, 784);
const w2 = zeros(10, 50);
const b1 = zeros(50);
const b2 = zeros(10);
const x = zeros(784);
const b = zeros(2, 3, 4);
declare const n: number;
declare const rows: Tensor<[number, 784]>;
declare const anything: Tensor;

// ————— what shapes come out —————

export const s1: Tensor<[50]> = w1.mv(x).add(b1);
export const back: Tensor<[50]> = w2.t().mv(b2);
export const product: Tensor<[50, 50]> = w1.mm(w1.t());
export const gradient: Tensor<[50, 784]> = w1.add_(b1.outer(x));
export const columns: Tensor<[50, 784]> = b1.view(50, 1).mm(x.view(1, 784));
export const column: Tensor<[number, 1]> = b1.view(-1, 1);
export const wide: Tensor<[50, 784]> = zeros(50, 1).add(zeros(1, 784));
export const widened: Tensor<[50, 784]> = x.add(w1);
export const vector: Tensor<[50]> = b1.t();
export const scalar: Tensor<[]> = b1.sum();
export const perRow: Tensor<[50]> = w1.sum(1);
export const perColumn: Tensor<[784]> = w1.argmax(0);
export const largest: Tensor<[50]> = w1.max(1).values;
export const middle: Tensor<[2, 4]> = b.mean(1);
export const row: Tensor<[784]> = w1.select(0, 3);
export const column3: Tensor<[50]> = w1.select(1, 3);
export const lastOf: Tensor<[2, 3]> = b.select(-1, 0);
export const wideRows: Tensor<[50, 1]> = w1.sum(-1, true);
export const inOneRow: Tensor<[1, 784]> = w1.max(0, true).indices;
export const someColumns: Tensor<[50, 5]> = w1.narrow(1, 0, 5);
export const chosenColumns: Tensor<[50, 2]> = w1.indexSelect(1, tensor([1, 2]));
export const noDimensions: Tensor<[]> = tensor(5).argmax(0);
export const unknownDimension: Tensor<[3]> = w1.sum(n);
export const like: Tensor = zeros(w1.shape);
export const ofTyped: Tensor<[number]> = tensor(new Float32Array(5), { dtype: 'float64' });
export const ofTypedRows: Tensor<[2, number]> = tensor([new Uint8Array(3), new Uint8Array(3)]);
export const fixedSize = [2, 3] as const;
export const ofFixedSize: Tensor<[2, 3]> = zeros(fixedSize);
export const near: boolean = w1.allclose(x);
export const sample: Tensor<[784]> = rows.select(0, 3);
export const few: Tensor<[5, 784]> = rows.narrow(0, 0, 5);
export const literal: Tensor<[2, 3]> = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
export const typed: Tensor<[4]> = zeros([4], { dtype: 'int64' });
export const shuffled: Tensor<[number]> = randperm(10);
export const plusOne: Tensor<[50]> = add(1, b1);
export const eachRow: Tensor<[50, 784]> = add(w1, x);
export const fromRow: Tensor<[50, 784]> = sub(x, w1);
export const fromScalar: Tensor<[50, 784]> = sub(w1, tensor(1));
export const chosen: Tensor<[3, 784]> = w1.indexSelect(0, tensor([1, 2, 3]));
export const list: number[][] = w1.tolist();
export const size: [50, 784] = w1.size();
export const height: 50 = w1.size(0);

// lengths known only at run time go with any other
export const unknownRows: Tensor<[number]> = rows.mv(x);
export const fromUnknown: Tensor<[50]> = zeros(50, n).mv(x);
export const known: Tensor<[50, 784]> = anything;
export const forgotten: Tensor = w1;
export const mixed: Tensor<[number, 784]> = rows.add(x);
anything.mv(x);
anything.add(w1);
w1.add(anything);

// ————— what does not compile —————

// @ts-expect-error the vector has the length of the rows
w1.mv(b1);
// @ts-expect-error a matrix is no vector
w1.mv(w2);
// @ts-expect-error inner lengths 784 and 50
w1.mm(w1);
// @ts-expect-error inner lengths 784 and 10
w1.mm(w2);
// @ts-expect-error a vector is no matrix
w1.mm(x);
// @ts-expect-error the transpose swaps the lengths
export const notTurned: Tensor<[50, 784]> = w1.t();
// @ts-expect-error three dimensions have no transpose
b.t();
// @ts-expect-error 50 by 10, not 10 by 50
export const turnedOuter: Tensor<[10, 50]> = b1.outer(b2);
// @ts-expect-error outer takes vectors
w1.outer(b1);
// @ts-expect-error 50 and 10
b1.add(b2);
// @ts-expect-error 784 and 50, aligned at the right
w1.add(b1);
// @ts-expect-error 784 and 50, aligned at the right
sub(w1, b1);
// @ts-expect-error one of the two is a tensor
add(1, 1);
// @ts-expect-error 50 and 10
b1.eq(b2);
// @ts-expect-error 50 and 10
b1.mul(b2);
// @ts-expect-error in place, the result cannot grow
x.add_(w1);
// @ts-expect-error in place, 784 and 50
w1.sub_(b1);
// @ts-expect-error another shape than it was viewed in
export const viewed: Tensor<[25, 2]> = b1.view(2, 25);
// @ts-expect-error a vector of 784 is none of 50
export const other: Tensor<[50]> = x;
// @ts-expect-error two dimensions are not one
export const flat: Tensor<[50]> = w1;
// @ts-expect-error the row has 784
export const wrongRow: Tensor<[50]> = w1.select(0, 3);
// @ts-expect-error the sums along the last dimension are 50
export const wrongLastSum: Tensor<[784]> = w1.sum(-1);
// @ts-expect-error the dimension is kept
export const wrongKept: Tensor<[50]> = w1.sum(1, true);
// @ts-expect-error a column has 50
export const wrongColumn: Tensor<[784]> = w1.select(1, 3);
// @ts-expect-error the sums along dimension 0 are 784
export const wrongSum: Tensor<[50]> = w1.sum(0);
// @ts-expect-error 2 by 3
export const wrongLiteral: Tensor<[3, 2]> = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
// @ts-expect-error not a tensor
b1.add('1');
// @ts-expect-error no such type of elements
ones([2], { dtype: 'float16' });
// @ts-expect-error 50 and 784
b1.allclose(x);
// @ts-expect-error lengths are read, not written
w1.shape[0] = 3;

// ————— within functions of any size —————

export function generic<H extends number, D extends number, C extends number>(
  w1: Tensor<[H, D]>,
  b1: Tensor<[H]>,
  w2: Tensor<[C, H]>,
  b2: Tensor<[C]>,
  x: Tensor<[D]>,
): Tensor<[H]> {
  w2.mv(w1.mv(x).add(b1).tanh()).add(b2);
  w1.add_(b1.outer(x));
  w1.add_(b1.view(-1, 1).mm(x.view(1, -1)));
  // @ts-expect-error H for D
  w1.mv(b1);
  // @ts-expect-error C for H
  w1.mv(x).add(b2);
  // @ts-expect-error D for H
  w2.mv(x);
  // @ts-expect-error the transpose is missing
  w2.mv(b2);
  // @ts-expect-error the transpose is one too many
  w2.t().mv(b1);
  // @ts-expect-error C × D for H × D
  w1.add_(b2.outer(x));
  // @ts-expect-error D × H for H × D
  w1.add_(x.outer(b1));
  sub(b1, w1.mv(x));
  // @ts-expect-error C and H
  b2.mul(b1);
  // @ts-expect-error C and H
  sub(b2, b1);
  // @ts-expect-error C for H
  return w1.mm(w1.t()).mv(b1).sub(b2);
}
