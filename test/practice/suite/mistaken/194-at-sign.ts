// stage: s1
// mistake: the @ of Python does not compile
// kind: syntax

// TP 3 - perceptron multicouche
import { add, mul, sub } from 'longhand/tensor';

// la fonction d'activation
export const sigma = (x: any) => x.tanh();

// sa derivee : 4 (e^x + e^-x)^-2
export const dsigma = (x: any) => mul(4, add(x.exp(), mul(-1, x).exp()).pow(-2));

export const loss = (v: any, t: any) => sub(t, v).pow(2).sum();

export const dloss = (v: any, t: any) => mul(2, sub(v, t));

export const forward_pass = (w1: any, b1: any, w2: any, b2: any, x: any) => {
  // premiere couche
  const s1 = w1 @ x + b1;
  const x1 = sigma(s1);
  // deuxieme couche
  const s2 = add(w2.mv(x1), b2);
  const x2 = sigma(s2);
  return [x, s1, x1, s2, x2];
};

export const backward_pass = (w1: any, b1: any, w2: any, b2: any, t: any, x: any,
  s1: any, x1: any, s2: any, x2: any, dw1: any, db1: any, dw2: any, db2: any) => {
  // on remonte depuis la sortie
  const delta2 = mul(dloss(x2, t), dsigma(s2));
  const back = w2.t().mv(delta2);
  const delta1 = mul(back, dsigma(s1));
  // gradients
  const grad_w2 = delta2.outer(x1);
  const grad_b2 = delta2;
  const grad_w1 = delta1.outer(x);
  const grad_b1 = delta1;
  // accumulation
  dw2.add_(grad_w2);
  db2.add_(grad_b2);
  dw1.add_(grad_w1);
  db1.add_(grad_b1);
};
