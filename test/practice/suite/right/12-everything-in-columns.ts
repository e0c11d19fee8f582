import { sub } from 'longhand/tensor';

const column = (v: any) => v.view(-1, 1);

export function sigma(x: any) {
  return x.tanh();
}

export function dsigma(x: any) {
  return sub(1, sigma(x).pow(2));
}

export function loss(v: any, t: any) {
  return sub(v, t).pow(2).sum();
}

export function dloss(v: any, t: any) {
  return sub(v, t).mul(2);
}

export function forward_pass(w1: any, b1: any, w2: any, b2: any, x: any) {
  const s1 = w1.mm(column(x)).add(column(b1));
  const x1 = sigma(s1);
  const s2 = w2.mm(x1).add(column(b2));
  const x2 = sigma(s2);
  return [x, s1.view(-1), x1.view(-1), s2.view(-1), x2.view(-1)];
}

export function backward_pass(
  w1: any, b1: any, w2: any, b2: any, t: any, x: any, s1: any, x1: any, s2: any, x2: any,
  dl_dw1: any, dl_db1: any, dl_dw2: any, dl_db2: any,
) {
  const dl_dx2 = dloss(column(x2), column(t));
  const dl_ds2 = dsigma(column(s2)).mul(dl_dx2);
  const dl_dx1 = w2.t().mm(dl_ds2);
  const dl_ds1 = dsigma(column(s1)).mul(dl_dx1);

  dl_dw2.add_(dl_ds2.mm(x1.view(1, -1)));
  dl_db2.add_(dl_ds2.view(-1));
  dl_dw1.add_(dl_ds1.mm(x.view(1, -1)));
  dl_db1.add_(dl_ds1.view(-1));
}
