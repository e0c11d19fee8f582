// stage: dl_dx1
// mistake: w2.permute, which the tensor does not have
// mentions: permute, t() | .t
// kind: crash

import { type Tensor, pow, sub } from 'longhand/tensor';

// activation
export function sigma(x: Tensor) {
  return x.tanh();
}

export function dsigma(x: Tensor) {
  const y = x.tanh();
  return sub(1, pow(y, 2));
}

// squared error
export function loss(v: Tensor, t: Tensor) {
  const d = sub(v, t);
  return pow(d, 2).sum();
}

export function dloss(v: Tensor, t: Tensor) {
  return sub(v, t).mul(2);
}

export function forward_pass(w1: any, b1: any, w2: any, b2: any, x: any) {
  const x0 = x;
  const s1 = w1.mv(x0).add(b1);
  const x1 = sigma(s1);
  const s2 = w2.mv(x1).add(b2);
  const x2 = sigma(s2);
  return [x0, s1, x1, s2, x2];
}

export function backward_pass(w1: any, b1: any, w2: any, b2: any,
                              t: any,
                              x: any, s1: any, x1: any, s2: any, x2: any,
                              dl_dw1: any, dl_db1: any, dl_dw2: any, dl_db2: any) {
  const x0 = x;
  const dl_dx2 = dloss(x2, t);
  const dl_ds2 = dsigma(s2).mul(dl_dx2);
  const dl_dx1 = w2.permute(1, 0).mv(dl_ds2);
  const dl_ds1 = dsigma(s1).mul(dl_dx1);

  dl_dw2.add_(dl_ds2.view(-1, 1).mm(x1.view(1, -1)));
  dl_db2.add_(dl_ds2);
  dl_dw1.add_(dl_ds1.view(-1, 1).mm(x0.view(1, -1)));
  dl_db1.add_(dl_ds1);
}
