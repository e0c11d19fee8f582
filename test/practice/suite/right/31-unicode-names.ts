import { sub } from 'longhand/tensor';

const σ = (x: any) => x.tanh();
const σʹ = (x: any) => sub(1, σ(x).pow(2));

export { σ as sigma, σʹ as dsigma };
export const loss = (v: any, t: any) => v.sub(t).pow(2).sum();
export const dloss = (v: any, t: any) => v.sub(t).mul(2);

export const forwardPass = (w1: any, b1: any, w2: any, b2: any, x: any) => {
  const s1 = w1.mv(x).add(b1), x1 = σ(s1);
  const s2 = w2.mv(x1).add(b2), x2 = σ(s2);
  return [x, s1, x1, s2, x2];
};

export const backwardPass = (w1: any, b1: any, w2: any, b2: any, t: any, x: any, s1: any, x1: any, s2: any, x2: any,
  Δw1: any, Δb1: any, Δw2: any, Δb2: any) => {
  const δ2 = dloss(x2, t).mul(σʹ(s2));
  const δ1 = w2.t().mv(δ2).mul(σʹ(s1));
  Δw2.add_(δ2.outer(x1));
  Δb2.add_(δ2);
  Δw1.add_(δ1.outer(x));
  Δb1.add_(δ1);
};
