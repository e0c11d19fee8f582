import { sub, type Tensor } from 'longhand/tensor';

class Tanh {
  static of(x: Tensor): Tensor {
    return x.tanh();
  }
  static slope(x: Tensor): Tensor {
    return sub(1, Tanh.of(x).pow(2));
  }
}

export const sigma = Tanh.of;
export const dsigma = Tanh.slope;

export const loss = (v: Tensor, t: Tensor): Tensor => v.sub(t).pow(2).sum();
export const dloss = (v: Tensor, t: Tensor): Tensor => v.sub(t).mul(2);

export function forwardPass(w1: any, b1: any, w2: any, b2: any, x: any) {
  const result: any = { x0: x };
  result.s1 = w1.mv(x).add(b1);
  result.x1 = sigma(result.s1);
  result.s2 = w2.mv(result.x1).add(b2);
  result.x2 = sigma(result.s2);
  const { x0, s1, x1, s2, x2 } = result;
  return [x0, s1, x1, s2, x2];
}

export function backwardPass(w1: any, b1: any, w2: any, b2: any, t: any, x: any, s1: any, x1: any, s2: any, x2: any,
  dlDw1: any, dlDb1: any, dlDw2: any, dlDb2: any) {
  const dl: any = {};
  dl.dx2 = dloss(x2, t);
  dl.ds2 = dl.dx2.mul(dsigma(s2));
  dl.dx1 = w2.t().mv(dl.ds2);
  dl.ds1 = dl.dx1.mul(dsigma(s1));
  dlDw2.add_(dl.ds2.outer(x1));
  dlDb2.add_(dl.ds2);
  dlDw1.add_(dl.ds1.outer(x));
  dlDb1.add_(dl.ds1);
}
