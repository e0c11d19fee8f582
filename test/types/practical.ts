import {
  backwardPass,
  dloss,
  dsigma,
  type Engine,
  forwardPass,
  initialParameters,
  loss,
  type OneHotData,
  type Problem,
  problemOf,
  sampleEngine,
  sigma,
  type Tensor,
  wasmEngine,
  zeros,
} from '../../dist/index.js';

// The six functions with H = 50, D = 784, C = 10, and with lengths mixed up.

const w1 = zeros(50, 784);
const b1 = zeros(50);
const w2 = zeros(10, 50);
const b2 = zeros(10);
const x = zeros(784);
const t = zeros(10);
const g1 = zeros(50, 784);

export const activated: Tensor<[50]> = sigma(b1);
export const slope: Tensor<[50]> = dsigma(b1);
export const distance: Tensor<[]> = loss(b2, t);
export const direction: Tensor<[10]> = dloss(b2, t);
// @ts-expect-error a response of 50 and a target of 10
loss(b1, t);
// @ts-expect-error a response of 10 and a target of 784
dloss(b2, x);
export const activatedMatrix: Tensor<[50, 784]> = sigma(w1);
export const slopes: Tensor<[50, 784]> = dsigma(w1);
export const distances: Tensor<[]> = loss(w1, g1);
export const directions: Tensor<[50, 784]> = dloss(w1, g1);
export const slopeOfNumber: Tensor<[]> = dsigma(distances);
// @ts-expect-error matrices of other shapes
loss(w1, w2);

const [x0, s1, x1, s2, x2] = forwardPass(w1, b1, w2, b2, x);
export const outputs: [Tensor<[784]>, Tensor<[50]>, Tensor<[50]>, Tensor<[10]>, Tensor<[10]>] = [x0, s1, x1, s2, x2];
// @ts-expect-error H for C
export const wrongOutput: Tensor<[50]> = x2;
// @ts-expect-error w2 is transposed
forwardPass(w1, b1, w2.t(), b2, x);
// @ts-expect-error w1 is transposed
forwardPass(w1.t(), b1, w2, b2, x);
// @ts-expect-error C for H
forwardPass(w1, b2, w2, b2, x);
// @ts-expect-error H for C
forwardPass(w1, b1, w2, b1, x);
// @ts-expect-error H for D
forwardPass(w1, b1, w2, b2, b1);
// @ts-expect-error one argument too few
forwardPass(w1, b1, w2, b2);

const g2 = zeros(50);
const g3 = zeros(10, 50);
const g4 = zeros(10);
backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, g1, g2, g3, g4);
// @ts-expect-error x and t are swapped
backwardPass(w1, b1, w2, b2, x, t, s1, x1, s2, x2, g1, g2, g3, g4);
// @ts-expect-error s2 for s1
backwardPass(w1, b1, w2, b2, t, x, s2, x1, s2, x2, g1, g2, g3, g4);
// @ts-expect-error x1 for x2
backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x1, g1, g2, g3, g4);
// @ts-expect-error the sums in another order
backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, g3, g2, g1, g4);
// @ts-expect-error the bias sums are swapped
backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, g1, g4, g3, g2);

declare const problem: Problem<784>;
const parameters = initialParameters({ inputs: 784, hidden: 50, classes: 10 });
export const first: Tensor<[50, 784]> = parameters.w1;
export const engine: Engine = sampleEngine(problem, parameters);
// @ts-expect-error 28 inputs for images of 784
sampleEngine(problem, initialParameters({ inputs: 28, hidden: 50, classes: 10 }));
declare const data: OneHotData<784>;
sampleEngine(problemOf(data), initialParameters({ inputs: 784, hidden: 50, classes: 10 }));
wasmEngine(problemOf(data), initialParameters({ inputs: 784, hidden: 50, classes: 10 }));
// @ts-expect-error 28 inputs for images of 784
sampleEngine(problemOf(data), initialParameters({ inputs: 28, hidden: 50, classes: 10 }));
// @ts-expect-error 28 inputs for images of 784
wasmEngine(problemOf(data), initialParameters({ inputs: 28, hidden: 50, classes: 10 }));

// what a learner writes, with one mistake each

export function forgotTheTranspose<H extends number, C extends number>(
  w2: Tensor<[C, H]>,
  dlDs2: Tensor<[C]>,
): Tensor<[H]> {
  // @ts-expect-error w2.t().mv(dlDs2)
  return w2.mv(dlDs2);
}
export function elementWise<H extends number, C extends number>(
  dlDw2: Tensor<[C, H]>,
  dlDs2: Tensor<[C]>,
  x1: Tensor<[H]>,
): void {
  // @ts-expect-error the product of vectors is not their outer product
  dlDw2.add_(dlDs2.mul(x1));
  dlDw2.add_(dlDs2.view(-1, 1).mm(x1.view(1, -1)));
}
