import { expect, test } from 'vitest';
import { backwardPass, dloss, dsigma, sigma, type Tensor } from '../src/index.ts';
import { type BackwardPass, gradientCase, gradientError } from './gradcheck.ts';

const shapes = [
  [5, 4, 3],
  [1, 1, 1],
  [7, 3, 2],
] as const;

test.each(shapes)('every gradient of a %i-%i-%i network is the slope of the loss', (inputs, hidden, classes) => {
  for (const seed of [1, 2, 3]) {
    expect(gradientError(backwardPass, gradientCase(inputs, hidden, classes, seed))).toBeLessThan(1e-8);
  }
});

// The mistakes that learners make most. Most of them still train, so a falling curve would not have shown them.
const wrong: Record<string, BackwardPass> = {
  'the sums are rebound instead of added to'(_w1, _b1, w2, _b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2) {
    const dlDs2 = dloss(x2, t).mul(dsigma(s2));
    const dlDs1 = w2.t().mv(dlDs2).mul(dsigma(s1));
    dlDw2 = dlDs2.outer(x1);
    dlDb2 = dlDs2;
    dlDw1 = dlDs1.outer(x);
    dlDb1 = dlDs1;
    void [dlDw1, dlDb1, dlDw2, dlDb2];
  },
  'the sums are overwritten'(_w1, _b1, w2, _b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2) {
    const dlDs2 = dloss(x2, t).mul(dsigma(s2));
    const dlDs1 = w2.t().mv(dlDs2).mul(dsigma(s1));
    dlDw2.copy_(dlDs2.outer(x1));
    dlDb2.copy_(dlDs2);
    dlDw1.copy_(dlDs1.outer(x));
    dlDb1.copy_(dlDs1);
  },
  'dsigma is forgotten in the output layer'(...args) {
    const [, , w2, , t, x, s1, x1, , x2, dlDw1, dlDb1, dlDw2, dlDb2] = args;
    const dlDs2 = dloss(x2, t);
    const dlDs1 = w2.t().mv(dlDs2).mul(dsigma(s1));
    dlDw2.add_(dlDs2.outer(x1));
    dlDb2.add_(dlDs2);
    dlDw1.add_(dlDs1.outer(x));
    dlDb1.add_(dlDs1);
  },
  'dsigma is forgotten in the hidden layer'(...args) {
    const [, , w2, , t, x, , x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2] = args;
    const dlDs2 = dloss(x2, t).mul(dsigma(s2));
    const dlDs1 = w2.t().mv(dlDs2);
    dlDw2.add_(dlDs2.outer(x1));
    dlDb2.add_(dlDs2);
    dlDw1.add_(dlDs1.outer(x));
    dlDb1.add_(dlDs1);
  },
  'dsigma takes x for s'(...args) {
    const [, , w2, , t, x, s1, x1, , x2, dlDw1, dlDb1, dlDw2, dlDb2] = args;
    const dlDs2 = dloss(x2, t).mul(dsigma(x2));
    const dlDs1 = w2.t().mv(dlDs2).mul(dsigma(s1));
    dlDw2.add_(dlDs2.outer(x1));
    dlDb2.add_(dlDs2);
    dlDw1.add_(dlDs1.outer(x));
    dlDb1.add_(dlDs1);
  },
  "dsigma has the sigmoid's algebra"(...args) {
    const [, , w2, , t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2] = args;
    const dsigmoid = <N extends number>(s: Tensor<[N]>) => sigma(s).mul(sigma(s).neg().add(1));
    const dlDs2 = dloss(x2, t).mul(dsigmoid(s2));
    const dlDs1 = w2.t().mv(dlDs2).mul(dsigmoid(s1));
    dlDw2.add_(dlDs2.outer(x1));
    dlDb2.add_(dlDs2);
    dlDw1.add_(dlDs1.outer(x));
    dlDb1.add_(dlDs1);
  },
  'the arguments of dloss are swapped'(w1, b1, w2, b2, t, x, s1, x1, s2, x2, ...sums) {
    backwardPass(w1, b1, w2, b2, x2, x, s1, x1, s2, t, ...sums);
  },
  'the factor 2 is forgotten'(w1, b1, w2, b2, t, x, s1, x1, s2, x2, ...sums) {
    backwardPass(w1, b1, w2, b2, x2.add(t).div(2), x, s1, x1, s2, x2, ...sums); // 2 (x2 − (x2 + t)/2) = x2 − t
  },
  'the bias gradient of the hidden layer is forgotten'(...args) {
    const without = [...args] as typeof args;
    without[11] = args[11].clone();
    backwardPass(...without);
  },
  'the bias gradient of the output layer is forgotten'(...args) {
    const without = [...args] as typeof args;
    without[13] = args[13].clone();
    backwardPass(...without);
  },
};

test.each(Object.keys(wrong))('the check catches it where %s', name => {
  for (const [inputs, hidden, classes] of shapes) {
    expect(gradientError(wrong[name]!, gradientCase(inputs, hidden, classes, 1))).toBeGreaterThan(1e-3);
  }
});

test('a square network catches a forgotten transpose, which its shape would hide', () => {
  const noTranspose: BackwardPass = (w1, b1, w2, ...rest) =>
    backwardPass(w1, b1, w2.t() as unknown as typeof w2, ...rest);
  expect(gradientError(noTranspose, gradientCase(3, 4, 4, 1))).toBeGreaterThan(1e-3);
});
