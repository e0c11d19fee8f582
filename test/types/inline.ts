import {
  add,
  dloss,
  empty,
  forwardPass,
  loss,
  mul,
  ones,
  randn,
  sub,
  type Tensor,
  tensor,
  zeros,
} from '../../dist/index.js';

// One call within another: TypeScript infers the inner call's type from what the outer one wants, unless its result
// forbids it. And places, parts and views that are certain not to be there.

const w = zeros(50, 784);
const x = zeros(784);
const ten = zeros(10);
const nine = zeros(9);
declare const n: number;
declare const anything: Tensor;
declare const rows: Tensor<[number, 784]>;

// ————— what fits, inline and by names —————

loss(zeros(10), zeros(10));
loss(ten, zeros(10));
loss(zeros(10), ten);
loss(zeros(n), ten);
loss(ten, zeros(n));
loss(tensor([1, 2]), tensor([3, 4]));
loss(ten, zeros([10], { dtype: 'float64' }));
loss(ten, w.select(0, 3).narrow(0, 0, 10));
loss(ten, zeros(2, 5).view(10));
loss(ten, zeros(10, 784).mv(x));
dloss(zeros(10), ones(10));
forwardPass(zeros(5, 7), zeros(5), zeros(3, 5), zeros(3), zeros(7));
w.add(zeros(w.shape));
w.add(zeros(w.size()));
zeros(...w.size()).add(w);

// ————— what does not, by names —————

// @ts-expect-error 10 and 9
loss(ten, nine);
// @ts-expect-error 10 and 9
dloss(ten, nine);
// @ts-expect-error 10 and 9
ten.add(nine);

// ————— and inline —————

// @ts-expect-error 10 and 9
loss(zeros(10), zeros(9));
// @ts-expect-error 10 and 9
dloss(zeros(10), ones(9));
// @ts-expect-error 10 and 9
loss(zeros(10), randn(9));
// @ts-expect-error 10 and 9
loss(zeros(10), empty([9]));
// @ts-expect-error 10 and 9
loss(zeros([10]), zeros([9], { dtype: 'float64' }));
// @ts-expect-error 2 and 3
loss(tensor([1, 2]), tensor([1, 2, 3]));
// @ts-expect-error 8 for 7
forwardPass(zeros(5, 7), zeros(5), zeros(3, 5), zeros(3), zeros(8));
// @ts-expect-error 6 for 5
forwardPass(zeros(5, 7), zeros(6), zeros(3, 5), zeros(3), zeros(7));
// @ts-expect-error 10 and 9
loss(zeros(10), x.narrow(0, 0, 9));
// @ts-expect-error 10 and 9
loss(zeros(10), zeros(20, 784).narrow(0, 0, 9).mv(x));
// @ts-expect-error 10 and 9
loss(zeros(10), zeros(3, 3).view(9));
// @ts-expect-error 10 and 9
loss(zeros(10), zeros(3, 3).view([9]));
// @ts-expect-error 10 and 9
loss(zeros(10), zeros(9, 784).mv(zeros(784)));
// @ts-expect-error 10 and 9
loss(zeros(10), zeros(9).add(1));
// @ts-expect-error 10 and 9
loss(zeros(10), add(1, zeros(9)));
// @ts-expect-error 10 and 9
loss(zeros(10), add(zeros(9), 1));
// @ts-expect-error 10 and 9
loss(zeros(10), sub(zeros(9), zeros(9)));
// @ts-expect-error 10 and 9
loss(zeros(10), mul(zeros(9), nine));
// @ts-expect-error 10 and 9
loss(zeros(10), zeros(9).tanh());
// @ts-expect-error 10 and 9
loss(zeros(10), zeros(9, 5).sum(1));
// @ts-expect-error 10 and 9
loss(zeros(10), zeros(9, 5).max(1).values);
// @ts-expect-error 10 and 9
loss(zeros(10), zeros(20).indexSelect(0, zeros(9)));
// @ts-expect-error 50 for 784
zeros(50, 784).mv(zeros(50));
// @ts-expect-error 50 for 784
zeros(50, 784).mm(zeros(50, 784));
// @ts-expect-error 10 by 3 and 9 by 3
zeros(10, 3).add(zeros(9).outer(zeros(3)));
// @ts-expect-error 10 by 3 and 9 by 3
zeros(10, 3).sub(zeros(3, 9).t());
// @ts-expect-error 10 and 9
zeros(10).add_(zeros(9));
// @ts-expect-error 10 and 9
zeros(10).allclose(zeros(9));
// @ts-expect-error 10 and 9
zeros(10).copy_(zeros(9));
// @ts-expect-error 9 is not 10
export const wrong: Tensor<[10]> = zeros(9);

// ————— entries, parts and views that are there —————

w.select(0, 49);
w.select(0, -50);
w.select(1, 783);
w.select(-1, 0);
w.select(0, n);
for (const i of [0, 1] as const) w.select(0, i);
rows.select(0, 99);
anything.select(0, 3);
w.narrow(0, 0, 50);
w.narrow(0, 45, 5);
w.narrow(1, n, 3);
rows.narrow(0, 5, 5);
anything.narrow(1, 0, 4);
w.view(784, 50);
w.view(39200);
w.view(n, 50);
w.view(w.shape);
rows.view(5, 784);
anything.view(3, 3);
zeros(0).view(0, 3);
tensor(1).view(1, 1);
tensor([2]).view();
export const image: Tensor<[28, 28]> = x.view([28, 28]);
export const again: Tensor<[50, 784]> = w.view(w.size());

// ————— and some that are not —————

// @ts-expect-error the last one is 49
w.select(0, 50);
// @ts-expect-error the first one is −50
w.select(0, -51);
// @ts-expect-error the last one is 783
w.select(1, 784);
// @ts-expect-error the last one is 783
w.select(-1, 784);
// @ts-expect-error the last one is 783
rows.select(1, 784);
// @ts-expect-error 45 + 6
w.narrow(0, 45, 6);
// @ts-expect-error 51 of 50
w.narrow(0, 0, 51);
// @ts-expect-error narrow does not count from the back
w.narrow(0, -1, 1);
// @ts-expect-error 780 + 5
w.narrow(1, 780, 5);
// @ts-expect-error 784 and 756
x.view(28, 27);
// @ts-expect-error 39200 and 39201
w.view(39201);

// ————— within functions of any size —————

export function generic<H extends number, D extends number, A extends number[]>(
  w: Tensor<[H, D]>,
  b: Tensor<[H]>,
  any: Tensor<A>,
): unknown {
  const row: Tensor<[D]> = w.select(0, 3);
  const column: Tensor<[H]> = w.select(1, 3);
  w.select(-1, 0);
  const few: Tensor<[5, D]> = w.narrow(0, 0, 5);
  const standing: Tensor<[H, 1]> = b.view(b.size(0), 1);
  const like: Tensor<[H, D]> = zeros(w.size(0), w.size(1));
  const [h, d] = w.size();
  like.add_(zeros([h, d], w));
  b.view(50, 1);
  w.view(-1);
  w.narrow(1, 2, n);
  any.select(0, 3);
  any.view(3, 3);
  any.narrow(0, 0, 2);
  return [row, column, few, standing, like];
}
