// stage: dl_dw1
// mistake: a momentum kept between calls: right on the first call only
// mentions: call | kept | keep | state | twice | same
// kind: state

import { type Tensor } from 'longhand/tensor';

type T = Tensor<any>;

/** a b^T */
const outer = (a: T, b: T): T => a.view(-1, 1).mm(b.view(1, -1));
/** A v */
const times = (a: T, v: T): T => a.mm(v.view(-1, 1)).view(-1);

export const sigma = (x: T): T => x.tanh();
export const dsigma = (x: T): T => x.tanh().pow(2).neg().add(1);
export const loss = (v: T, t: T): T => v.sub(t).pow(2).sum();
export const dloss = (v: T, t: T): T => v.sub(t).mul(2);

const layer = (w: T, b: T, x: T): T => times(w, x).add(b);

export function forwardPass(w1: T, b1: T, w2: T, b2: T, x: T): [T, T, T, T, T] {
  const s1 = layer(w1, b1, x);
  const x1 = sigma(s1);
  const s2 = layer(w2, b2, x1);
  const x2 = sigma(s2);
  return [x, s1, x1, s2, x2];
}

let velocity: T | null = null;

export function backwardPass(
  w1: T, b1: T, w2: T, b2: T,
  target: T, input: T, s1: T, x1: T, s2: T, x2: T,
  gw1: T, gb1: T, gw2: T, gb2: T,
): void {
  const ex2 = dloss(x2, target);
  const es2 = ex2.mul(dsigma(s2));
  const ex1 = times(w2.t(), es2);
  const es1 = ex1.mul(dsigma(s1));
  gw2.add_(outer(es2, x1));
  gb2.add_(es2);
  velocity = velocity === null ? outer(es1, input) : velocity.mul(0.9).add(outer(es1, input));
  gw1.add_(velocity);
  gb1.add_(es1);
}
