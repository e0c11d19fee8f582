import * as torch from 'longhand/tensor';

export const sigma = (x: any) => x.tanh();
export const dsigma = (x: any) => torch.sub(1, torch.pow(sigma(x), 2));
export const loss = (v: any, t: any) => torch.pow(torch.sub(t, v), 2).sum();
export const dloss = (v: any, t: any) => torch.mul(-2, torch.sub(t, v));

const layer = ([w, b]: any, x: any) => {
  const s = torch.add(w.mv(x), b);
  return [s, sigma(s)];
};

export const forwardPass = (w1: any, b1: any, w2: any, b2: any, x: any) => {
  const [s1, x1] = layer([w1, b1], x);
  const [s2, x2] = layer([w2, b2], x1);
  return [x, s1, x1, s2, x2];
};

/** What one layer's gradients are, from the slope of the loss at its output. */
const gradients = (slope: any, s: any, x: any) => {
  const ds = torch.mul(slope, dsigma(s));
  return { w: ds.outer(x), b: ds };
};

export const backwardPass = (...all: any[]) => {
  const [, , w2, , t, x, s1, x1, s2, x2, ...sums] = all;
  const second = gradients(dloss(x2, t), s2, x1);
  const first = gradients(w2.t().mv(second.b), s1, x);
  const [sumW1, sumB1, sumW2, sumB2] = sums;
  sumW1.add_(first.w);
  sumB1.add_(first.b);
  sumW2.add_(second.w);
  sumB2.add_(second.b);
};
