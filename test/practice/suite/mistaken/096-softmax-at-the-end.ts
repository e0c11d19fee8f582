// stage: x2
// mistake: softmax at the output
// mentions: softmax
// kind: wrong-numbers

import { sub, type Tensor } from 'longhand/tensor';

// ---------------------------------------------------------------- sigma
export let sigma = function (x: Tensor) {
  let result = x.tanh();
  return result;
};

export let dsigma = function (x: Tensor) {
  let th = sigma(x);
  let result = sub(1, th.mul(th));
  return result;
};

// ---------------------------------------------------------------- loss
export let loss = function (v: Tensor, t: Tensor) {
  let diff = t.sub(v);
  let result = diff.mul(diff).sum();
  return result;
};

export let dloss = function (v: Tensor, t: Tensor) {
  let diff = t.sub(v);
  let result = diff.mul(-2);
  return result;
};

// ---------------------------------------------------------------- passes
export let forwardPass = function (w1: any, b1: any, w2: any, b2: any, x: any) {
  let x0 = x;
  let s1 = w1.mv(x0);
  s1 = s1.add(b1);
  let x1 = sigma(s1);
  let s2 = w2.mv(x1);
  s2 = s2.add(b2);
  let e = s2.exp();
  let x2 = e.div(e.sum());
  return [x0, s1, x1, s2, x2];
};

export let backwardPass = function (
  w1: any, b1: any, w2: any, b2: any, t: any, x: any, s1: any, x1: any, s2: any, x2: any,
  dlDw1: any, dlDb1: any, dlDw2: any, dlDb2: any,
) {
  let dlDx2 = dloss(x2, t);
  let dlDs2 = dlDx2.mul(dsigma(s2));
  dlDb2.add_(dlDs2);
  let gradW2 = dlDs2.outer(x1);
  dlDw2.add_(gradW2);

  let dlDx1 = w2.t().mv(dlDs2);
  let dlDs1 = dlDx1.mul(dsigma(s1));
  dlDb1.add_(dlDs1);
  let gradW1 = dlDs1.outer(x);
  dlDw1.add_(gradW1);
};
