import type { Practical } from './six-functions.ts';
import { sub, tanh } from './tensor/index.ts';

/** The activation, component by component: σ(x) = tanh x. */
export const sigma: Practical['sigma'] = x => tanh(x);

/** Its derivative, component by component: σ′(x) = 1 − tanh² x. */
export const dsigma: Practical['dsigma'] = x => sub(1, tanh(x).pow(2));

/** The loss: ℓ(v, t) = ‖t − v‖². */
export const loss: Practical['loss'] = (v, t) => sub(t, v).pow(2).sum();

/** Its gradient with respect to v: ∇ℓ(v, t) = 2 (v − t). */
export const dloss: Practical['dloss'] = (v, t) => sub(v, t).mul(2);

/** The network on one sample: x₀ = x, s₁ = w₁ x₀ + b₁, x₁ = σ(s₁), s₂ = w₂ x₁ + b₂, x₂ = σ(s₂). */
export const forwardPass: Practical['forwardPass'] = (w1, b1, w2, b2, x) => {
  const x0 = x;
  const s1 = w1.mv(x0).add(b1);
  const x1 = sigma(s1);
  const s2 = w2.mv(x1).add(b2);
  const x2 = sigma(s2);
  return [x0, s1, x1, s2, x2];
};

/**
 * Adds this sample's gradients to the four sums, by the chain rule from the loss back to the weights (⊙ is component
 * by component):
 *
 *     ∂ℓ/∂x₂ = ∇ℓ(x₂, t)        ∂ℓ/∂s₂ = ∂ℓ/∂x₂ ⊙ σ′(s₂)      ∂ℓ/∂w₂ = ∂ℓ/∂s₂ x₁ᵀ      ∂ℓ/∂b₂ = ∂ℓ/∂s₂
 *     ∂ℓ/∂x₁ = w₂ᵀ ∂ℓ/∂s₂       ∂ℓ/∂s₁ = ∂ℓ/∂x₁ ⊙ σ′(s₁)      ∂ℓ/∂w₁ = ∂ℓ/∂s₁ xᵀ       ∂ℓ/∂b₁ = ∂ℓ/∂s₁
 */
// biome-ignore format: the arguments in a row, as the practical has them
export const backwardPass: Practical['backwardPass'] = (
  w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2,
) => {
  const dlDx2 = dloss(x2, t);
  const dlDs2 = dlDx2.mul(dsigma(s2));
  const dlDx1 = w2.t().mv(dlDs2);
  const dlDs1 = dlDx1.mul(dsigma(s1));

  dlDw2.add_(dlDs2.outer(x1));
  dlDb2.add_(dlDs2);
  dlDw1.add_(dlDs1.outer(x));
  dlDb1.add_(dlDs1);
};
