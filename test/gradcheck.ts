import { type backwardPass, forwardPass, Generator, loss, type Parameters, type Tensor, zeros } from '../src/index.ts';

export type BackwardPass = typeof backwardPass;

/** A sample and parameters, all of float64 and of order 1: where every part of the gradient is large enough to see. */
export interface GradientCase {
  readonly parameters: Parameters;
  readonly x: Tensor<[number]>;
  readonly t: Tensor<[number]>;
}

export function gradientCase(inputs: number, hidden: number, classes: number, seed: number): GradientCase {
  const generator = new Generator(seed);
  const drawn = <S extends number[]>(...size: S): Tensor<S> =>
    zeros(size as number[], { dtype: 'float64' }).uniform_(-1, 1, generator) as Tensor<S>;
  return {
    parameters: { w1: drawn(hidden, inputs), b1: drawn(hidden), w2: drawn(classes, hidden), b2: drawn(classes) },
    x: drawn(inputs),
    t: drawn(classes),
  };
}

/**
 * The largest relative difference between what `backward` adds to the four sums and the central differences of the
 * loss, over every entry of every parameter. The sums start at values other than 0, and `backward` runs twice: it must
 * add, not assign.
 */
export function gradientError(backward: BackwardPass, { parameters, x, t }: GradientCase): number {
  const { w1, b1, w2, b2 } = parameters;
  const lossHere = () => loss(forwardPass(w1, b1, w2, b2, x)[4], t).item();
  const START = 0.25;
  const sums = {
    w1: zeros(w1.size(), w1).add_(START),
    b1: zeros(b1.size(), w1).add_(START),
    w2: zeros(w2.size(), w1).add_(START),
    b2: zeros(b2.size(), w1).add_(START),
  };
  const [, s1, x1, s2, x2] = forwardPass(w1, b1, w2, b2, x);
  for (let turn = 0; turn < 2; turn++) {
    backward(w1, b1, w2, b2, t, x, s1, x1, s2, x2, sums.w1, sums.b1, sums.w2, sums.b2);
  }

  let worst = 0;
  for (const name of ['w1', 'b1', 'w2', 'b2'] as const) {
    const values = parameters[name].elements();
    const analytic = sums[name].elements();
    for (const [i, value] of values.entries()) {
      // fourth order: (8 (f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h, its error about h⁴
      const h = 1e-3;
      const at = (x: number): number => {
        values[i] = x;
        return lossHere();
      };
      const numeric = (8 * (at(value + h) - at(value - h)) - (at(value + 2 * h) - at(value - 2 * h))) / (12 * h);
      values[i] = value;
      const given = (analytic[i]! - START) / 2;
      worst = Math.max(worst, Math.abs(given - numeric) / Math.max(1, Math.abs(numeric)));
    }
  }
  return worst;
}
