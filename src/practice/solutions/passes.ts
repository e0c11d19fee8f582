import type { Practical } from '../../six-functions.ts';
import { dsigma, sigma } from './activation.ts';
import { dloss } from './loss.ts';

/**
 * The forward pass: what the network makes of one sample x, and everything on the way.
 *
 *     x₀ = x
 *     s₁ = w₁ x₀ + b₁        x₁ = σ(s₁)
 *     s₂ = w₂ x₁ + b₂        x₂ = σ(s₂)
 *
 * With D inputs, H hidden units and C classes: w1 is [H, D], b1 [H], w2 [C, H], b2 [C], x [D]. A matrix times a vector
 * is `w.mv(x)`. Returns [x0, s1, x1, s2, x2], whose shapes are [D], [H], [H], [C], [C].
 */
export const forwardPass: Practical['forwardPass'] = (w1, b1, w2, b2, x) => {
  // solution: begin
  const x0 = x;
  const s1 = w1.mv(x0).add(b1);
  const x1 = sigma(s1);
  const s2 = w2.mv(x1).add(b2);
  const x2 = sigma(s2);
  return [x0, s1, x1, s2, x2];
  // solution: end
};

/**
 * The backward pass: the derivatives of the loss ℓ(x₂, t) of one sample, from the last layer back to the first one, by
 * the chain rule (⊙ is component by component, ᵀ the transpose):
 *
 *     ∂ℓ/∂x₂ = ∇ℓ(x₂, t)              [C]        ∂ℓ/∂s₂ = ∂ℓ/∂x₂ ⊙ σ′(s₂)      [C]
 *     ∂ℓ/∂x₁ = w₂ᵀ ∂ℓ/∂s₂             [H]        ∂ℓ/∂s₁ = ∂ℓ/∂x₁ ⊙ σ′(s₁)      [H]
 *     ∂ℓ/∂w₂ = ∂ℓ/∂s₂ x₁ᵀ          [C, H]        ∂ℓ/∂b₂ = ∂ℓ/∂s₂               [C]
 *     ∂ℓ/∂w₁ = ∂ℓ/∂s₁ xᵀ           [H, D]        ∂ℓ/∂b₁ = ∂ℓ/∂s₁               [H]
 *
 * dlDw1, dlDb1, dlDw2 and dlDb2 are sums over the samples, of the shapes of w1, b1, w2 and b2: what this sample gives is
 * added to them in place, `dlDb2.add_(…)`. Nothing is returned. `w2.t()` is the transpose, and `u.outer(v)` a column u
 * times a row v.
 */
// biome-ignore format: the arguments in a row, as the practical has them
export const backwardPass: Practical['backwardPass'] = (
  w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2,
) => {
  // solution: begin
  const dlDx2 = dloss(x2, t);
  const dlDs2 = dlDx2.mul(dsigma(s2));
  const dlDx1 = w2.t().mv(dlDs2);
  const dlDs1 = dlDx1.mul(dsigma(s1));

  dlDw2.add_(dlDs2.outer(x1));
  dlDb2.add_(dlDs2);
  dlDw1.add_(dlDs1.outer(x));
  dlDb1.add_(dlDs1);
  // solution: end
};
