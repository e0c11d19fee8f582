import { sub, type Tensor } from 'longhand/tensor';

function same(a: Tensor, b: Tensor): void {
  if (a.size().join() !== b.size().join()) throw new Error(`shapes differ: ${a.size()} and ${b.size()}`);
}

export function sigma(x: Tensor): Tensor {
  return x.tanh();
}

export function dsigma(x: Tensor): Tensor {
  return sub(1, sigma(x).pow(2));
}

export function loss(v: Tensor, t: Tensor): Tensor {
  same(v, t);
  return v.sub(t).pow(2).sum();
}

export function dloss(v: Tensor, t: Tensor): Tensor {
  same(v, t);
  return v.sub(t).mul(2);
}

export function forwardPass(w1: any, b1: any, w2: any, b2: any, x: any): Tensor[] {
  const s1 = w1.mv(x).add(b1);
  same(s1, b1);
  const x1 = sigma(s1);
  const s2 = w2.mv(x1).add(b2);
  same(s2, b2);
  const x2 = sigma(s2);
  return [x, s1, x1, s2, x2];
}

export function backwardPass(w1: any, b1: any, w2: any, b2: any, t: any, x: any, s1: any, x1: any, s2: any, x2: any,
  dlDw1: any, dlDb1: any, dlDw2: any, dlDb2: any): void {
  const dlDx2 = dloss(x2, t);
  const dlDs2 = dlDx2.mul(dsigma(s2));
  same(dlDs2, b2);
  const dlDx1 = w2.t().mv(dlDs2);
  const dlDs1 = dlDx1.mul(dsigma(s1));
  same(dlDs1, b1);
  const gradients = { w2: dlDs2.outer(x1), w1: dlDs1.outer(x) };
  same(gradients.w2, w2);
  same(gradients.w1, w1);
  dlDw2.add_(gradients.w2);
  dlDb2.add_(dlDs2);
  dlDw1.add_(gradients.w1);
  dlDb1.add_(dlDs1);
}
