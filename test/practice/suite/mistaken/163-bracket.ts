// stage: s1
// mistake: a bracket is missing: it does not compile
// kind: syntax

import type { Practical } from 'longhand';
import { sub } from 'longhand/tensor';

export const sigma: Practical['sigma'] = x => x.tanh();

export const dsigma: Practical['dsigma'] = x => sub(1, x.tanh().pow(2));

export const loss: Practical['loss'] = (v, t) => v.sub(t).pow(2).sum();

export const dloss: Practical['dloss'] = (v, t) => v.sub(t).mul(2);

export const forwardPass: Practical['forwardPass'] = (w1, b1, w2, b2, x) => {
  const x0 = x;
  const s1 = w1.mv(x0).add(b1);
  const x1 = sigma(s1);
  const s2 = w2.mv(x1.add(b2);
  const x2 = sigma(s2);

  return [x0, s1, x1, s2, x2];
};

export const backwardPass: Practical['backwardPass'] = (
  w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2,
) => {
  const x0 = x;
  const dlDx2 = dloss(x2, t);
  const dlDs2 = dlDx2.mul(dsigma(s2));
  const dlDx1 = w2.t().mv(dlDs2);
  const dlDs1 = dlDx1.mul(dsigma(s1));

  dlDw2.add_(dlDs2.outer(x1));
  dlDb2.add_(dlDs2);
  dlDw1.add_(dlDs1.outer(x0));
  dlDb1.add_(dlDs1);
};
