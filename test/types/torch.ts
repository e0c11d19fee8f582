import {
  arange,
  cat,
  dot,
  full,
  matmul,
  max,
  maximum,
  mean,
  mm,
  mv,
  ones,
  outer,
  pow,
  rand,
  relu,
  stack,
  sum,
  type Tensor,
  t,
  tanh,
  where,
  zeros,
  zerosLike,
} from '../../dist/index.js';

// Shapes through torch's functions and methods.

const w = zeros(50, 784);
const x = zeros(784);
const b = zeros(50);
const c = zeros(2, 3, 4);
declare const n: number;
declare const anything: Tensor;
declare const rows: Tensor<[number, 784]>;
declare const list: Tensor<[5, 3]>[];
declare const tensors: Tensor[];

// ————— what shapes come out —————

export const turned: Tensor<[784, 50]> = w.T;
export const allTurned: Tensor<[4, 3, 2]> = c.T;
export const swapped: Tensor<[4, 3, 2]> = c.transpose(0, 2);
export const swappedFirst: Tensor<[3, 2, 4]> = c.transpose(1, 0);
export const standing: Tensor<[50, 1]> = b.unsqueeze(1);
export const standingToo: Tensor<[50, 1]> = b.unsqueeze(-1);
export const lying: Tensor<[1, 50]> = b.unsqueeze(0);
export const squeezed: Tensor<[50]> = zeros(1, 50, 1).squeeze();
export const squeezedFirst: Tensor<[50, 1]> = zeros(1, 50, 1).squeeze(0);
export const notSqueezed: Tensor<[1, 50, 1]> = zeros(1, 50, 1).squeeze(1);
export const expanded: Tensor<[50, 784]> = x.expand(50, 784);
export const flat: Tensor<[39200]> = w.flatten();
export const flatRows: Tensor<[number]> = rows.flatten();
export const image: Tensor<[28, 28]> = x.reshape(28, 28);
export const inner: Tensor<[]> = x.matmul(x);
export const timesVector: Tensor<[50]> = w.matmul(x);
export const vectorTimes: Tensor<[784]> = b.matmul(w);
export const timesMatrix: Tensor<[50, 50]> = matmul(w, w.t());
export const stacks: Tensor = c.matmul(zeros(4, 5));
export const unknown: Tensor = anything.matmul(x);
export const dotted: Tensor<[]> = dot(x, x);
export const squashed: Tensor<[50]> = tanh(b);
export const transposed: Tensor<[784, 50]> = t(w);
export const s1: Tensor<[50]> = mv(w, x);
export const product: Tensor<[50, 50]> = mm(w, t(w));
export const gradient: Tensor<[50, 784]> = outer(b, x);
export const total: Tensor<[]> = sum(w);
export const totals: Tensor<[50]> = sum(w, 1);
export const means: Tensor<[1, 784]> = mean(w, 0, true);
const [values, indices] = max(w, 0);
export const largest: Tensor<[784]> = values;
export const places: Tensor<[784]> = indices;
export const answer: number = x.max(0)[1].item();
export const named: Tensor<[784]> = w.max(0).values;
export const smallest: Tensor<[50]> = w.min(1)[0];
export const chosen: Tensor<[50, 784]> = where(w.gt(0), w, 0);
export const chosenRows: Tensor<[50, 784]> = where(w.gt(0), x, w);
export const larger: Tensor<[50, 784]> = maximum(w, x);
export const longer: Tensor<[number, 784]> = cat([w, zeros(3, 784)]);
export const wider: Tensor<[50, number]> = cat([zeros(50, 3), zeros(50, 4)], 1);
export const ofList: Tensor<[number, 3]> = cat(list);
export const stacked: Tensor<[number, 784]> = stack([x, x]);
export const anyStack: Tensor[] = [cat(tensors), stack(tensors), cat(tensors, 1), stack([rows, rows], 1)];
export const targets: Tensor<[2, 3]> = full([2, 3], 0.9);
export const upTo: Tensor<[5]> = arange(5);
export const upToUnknown: Tensor<[number]> = arange(0, n);
export const like: Tensor<[50, 784]> = zerosLike(w);
export const random: Tensor<[3, 2]> = rand(3, 2);
export const length: Tensor<[]> = w.norm();
export const lengths: Tensor<[50]> = w.norm(2, 1);
export const chained: Tensor<[50]> = pow(b, 2).relu().sigmoid().cosh();
export const fits: Tensor<[50, 784]>[] = [rows, anything, w];
for (const each of [zeros(2), ones(2)]) each.add(1);

// ————— what does not compile —————

// @ts-expect-error 50 for 784
w.matmul(b);
// @ts-expect-error 50 for 784
x.matmul(b);
// @ts-expect-error 50 for 784
matmul(w, w);
// @ts-expect-error 50 for 784, inline
x.matmul(zeros(50));
// @ts-expect-error 784 and 50
x.dot(b);
// @ts-expect-error 784 and 50, inline
dot(zeros(784), zeros(50));
// @ts-expect-error 784 and 50
maximum(w, b);
// @ts-expect-error a number is no tensor
tanh(0.5);
// @ts-expect-error 50 for 784
mv(w, b);
// @ts-expect-error 50 for 784
mm(w, w);
// @ts-expect-error 784 and 50
where(w.gt(0), b, w);
// @ts-expect-error 784 and 783
cat([w, zeros(3, 783)]);
// @ts-expect-error 784 and 783
cat([w, zeros(3, 783)], 0);
// @ts-expect-error 784 and 50
stack([x, b]);
// @ts-expect-error 784 and 50
stack([x, b], 1);
// @ts-expect-error turned round it is 784 by 50
export const notTurned: Tensor<[50, 784]> = w.T;
// @ts-expect-error 784 and 756
x.reshape(28, 27);
// @ts-expect-error 50 and 784
b.add(tanh(x));
// @ts-expect-error 784 and 50
x.add(zerosLike(b));
// @ts-expect-error 784 and 50, inline
x.add(rand(50));
// @ts-expect-error 784 and 50, inline
x.add(full([50], 1));
// @ts-expect-error 784 and 50, inline
x.add(arange(50));

// ————— within functions of any size —————

export function generic<H extends number, D extends number, A extends number[]>(
  w: Tensor<[H, D]>,
  b: Tensor<[H]>,
  x: Tensor<[D]>,
  any: Tensor<A>,
): unknown {
  const forward: Tensor<[H]> = tanh(w.matmul(x).add(b));
  const vector: Tensor<[H]> = mv(w, x);
  const back: Tensor<[D]> = mv(t(w), b);
  const backToo: Tensor<[D]> = w.T.mv(b);
  const swapped: Tensor<[D, H]> = w.transpose(0, 1);
  const standing: Tensor<[H, 1]> = b.unsqueeze(1);
  const lying: Tensor<[1, D]> = x.unsqueeze(0);
  const columns: Tensor<[H, D]> = matmul(standing, lying);
  const scalar: Tensor<[]> = sum(pow(x, 2));
  const same: Tensor<A> = relu(tanh(any).mul(zerosLike(any)));
  const flat: Tensor<[H]> = b.flatten();
  // @ts-expect-error H for D
  w.matmul(b);
  // @ts-expect-error the transpose is missing
  mv(w, b);
  return [forward, vector, back, backToo, swapped, columns, scalar, same, flat];
}
