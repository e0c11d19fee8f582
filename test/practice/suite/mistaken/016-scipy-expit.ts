// stage: sigma
// mistake: a method expit that the tensor does not have
// mentions: expit
// kind: crash

import { Tensor } from "longhand/tensor"

// no semicolons, everything a method

export const sigma = (x: Tensor) => x.expit().mul(2).sub(1)
export const dsigma = (x: Tensor) => sigma(x).pow(2).mul(-1).add(1)

export const loss = (v: Tensor, t: Tensor) => t.sub(v).pow(2).sum()
export const dloss = (v: Tensor, t: Tensor) => t.sub(v).mul(-2)

export const forward_pass = (w1: any, b1: any, w2: any, b2: any, x: any) => {
  const s1 = w1.mv(x).add(b1), x1 = sigma(s1)
  const s2 = w2.mv(x1).add(b2), x2 = sigma(s2)
  return [x, s1, x1, s2, x2]
}

export const backward_pass = (
  w1: any, b1: any, w2: any, b2: any,
  t: any,
  x: any, s1: any, x1: any, s2: any, x2: any,
  dl_dw1: any, dl_db1: any, dl_dw2: any, dl_db2: any
) => {
  const dl_dx2 = dloss(x2, t)
  const dl_ds2 = dl_dx2.mul(dsigma(s2))
  const dl_dx1 = w2.t().mv(dl_ds2)
  const dl_ds1 = dl_dx1.mul(dsigma(s1))
  dl_dw2.add_(dl_ds2.view(-1, 1).mul(x1.view(1, -1)))
  dl_db2.add_(dl_ds2)
  dl_dw1.add_(dl_ds1.view(-1, 1).mul(x.view(1, -1)))
  dl_db1.add_(dl_ds1)
}
