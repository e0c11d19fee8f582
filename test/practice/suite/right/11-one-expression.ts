import { sub } from 'longhand/tensor';

export const sigma = (x: any) => x.tanh();
export const dsigma = (x: any) => sub(1, x.tanh().pow(2));
export const loss = (v: any, t: any) => v.sub(t).pow(2).sum();
export const dloss = (v: any, t: any) => v.sub(t).mul(2);
export const forward_pass = (w1: any, b1: any, w2: any, b2: any, x: any) => [
  x,
  w1.mv(x).add(b1),
  sigma(w1.mv(x).add(b1)),
  w2.mv(sigma(w1.mv(x).add(b1))).add(b2),
  sigma(w2.mv(sigma(w1.mv(x).add(b1))).add(b2)),
];
export const backward_pass = (w1: any, b1: any, w2: any, b2: any, t: any, x: any, s1: any, x1: any, s2: any, x2: any,
  dl_dw1: any, dl_db1: any, dl_dw2: any, dl_db2: any) => {
  dl_dw2.add_(dloss(x2, t).mul(dsigma(s2)).outer(x1));
  dl_db2.add_(dloss(x2, t).mul(dsigma(s2)));
  dl_dw1.add_(w2.t().mv(dloss(x2, t).mul(dsigma(s2))).mul(dsigma(s1)).outer(x));
  dl_db1.add_(w2.t().mv(dloss(x2, t).mul(dsigma(s2))).mul(dsigma(s1)));
};
