import { mul, sub, type Tensor } from 'longhand/tensor';

function sigma(x: Tensor): Tensor { return x.tanh(); }
function d_sigma(x: Tensor): Tensor { return mul(sub(1, x.tanh()), x.tanh().add(1)); }
function squared_error(v: Tensor, t: Tensor): Tensor { const d = t.sub(v); return mul(d, d).sum(); }
function squared_error_slope(v: Tensor, t: Tensor): Tensor { return v.sub(t).add(v.sub(t)); }

function forward(w1: any, b1: any, w2: any, b2: any, x: any) {
  const s1 = w1.mv(x).add(b1);
  const x1 = sigma(s1);
  const s2 = w2.mv(x1).add(b2);
  const x2 = sigma(s2);
  return [x, s1, x1, s2, x2] as const;
}

function backward(w1: any, b1: any, w2: any, b2: any, t: any, x: any, s1: any, x1: any, s2: any, x2: any,
                  A: any, a: any, B: any, b: any) {
  const y = squared_error_slope(x2, t).mul(d_sigma(s2));
  const z = w2.t().mv(y).mul(d_sigma(s1));
  A.add_(z.outer(x)); a.add_(z);
  B.add_(y.outer(x1)); b.add_(y);
}

export {
  sigma,
  d_sigma as dsigma,
  squared_error as loss,
  squared_error_slope as dloss,
  forward as forward_pass,
  backward as backward_pass,
};
