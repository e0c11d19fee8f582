// stage: s2
// mistake: the second layer takes what is before the activation
// mentions: h_in, h_out
// kind: wrong-numbers

import { add, mul, pow, sub } from 'longhand/tensor';

export function sigma(x) { return x.tanh(); }
export function dsigma(x) { return mul(4, pow(add(x.exp(), x.mul(-1).exp()), -2)); }
export function loss(v, t) { return pow(sub(t, v), 2).sum(); }
export function dloss(v, t) { return mul(-2, sub(t, v)); }

export function forwardPass(w1, b1, w2, b2, x) {
  const h_in = add(w1.mv(x), b1);
  const h_out = sigma(h_in);
  const y_in = add(w2.mv(h_in), b2);
  const y_out = sigma(y_in);
  return [x, h_in, h_out, y_in, y_out];
}

export function backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, dw1, db1, dw2, db2) {
  const e = dloss(x2, t);
  const d2 = mul(e, dsigma(s2));
  const d1 = mul(w2.t().mv(d2), dsigma(s1));
  dw2.add_(d2.outer(x1));
  db2.add_(d2);
  dw1.add_(d1.outer(x));
  db1.add_(d1);
}
