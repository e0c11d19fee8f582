import { expect, test } from 'vitest';
import { backwardPass, forwardPass, tensor, zeros } from '../src/index.ts';

// One input, one hidden unit, one class, weights of 1: s1 = 0.5, x1 = tanh 0.5, s2 = x1, x2 = tanh x1.
test('the practical on a network that fits on a page', () => {
  const [w1, b1, w2, b2] = [tensor([[1]]), tensor([0]), tensor([[1]]), tensor([0])] as const;
  const [x, t] = [tensor([0.5]), tensor([0.9])] as const;
  const [dlDw1, dlDb1, dlDw2, dlDb2] = [zeros(1, 1), zeros(1), zeros(1, 1), zeros(1)] as const;

  const [, s1, x1, s2, x2] = forwardPass(w1, b1, w2, b2, x);
  expect(x1.item()).toBeCloseTo(0.46211716, 6);
  expect(x2.item()).toBeCloseTo(0.43180817, 6);

  backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2);
  const delta2 = 2 * (0.43180817 - 0.9) * (1 - 0.43180817 ** 2); // 2 (x2 − t) σ′(s2)
  const delta1 = delta2 * (1 - 0.46211716 ** 2); // w2 δ2 σ′(s1)
  expect([dlDw2.item(), dlDb2.item()].map(g => g.toFixed(5))).toEqual(
    [delta2 * 0.46211716, delta2].map(g => g.toFixed(5)),
  );
  expect([dlDw1.item(), dlDb1.item()].map(g => g.toFixed(5))).toEqual([delta1 * 0.5, delta1].map(g => g.toFixed(5)));
});
