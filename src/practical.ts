import { sub, type Tensor } from './tensor/index.ts';

/** The activation, component by component: σ(x) = tanh x. */
export function sigma<N extends number>(x: Tensor<[N]>): Tensor<[N]> {
  return x.tanh();
}

/** Its derivative, component by component: σ′(x) = 1 − tanh² x. */
export function dsigma<N extends number>(x: Tensor<[N]>): Tensor<[N]> {
  return sub(1, x.tanh().pow(2));
}

/** The loss: ℓ(v, t) = ‖t − v‖². */
export function loss<C extends number>(v: Tensor<[C]>, t: Tensor<[NoInfer<C>]>): Tensor<[]> {
  return t.sub(v).pow(2).sum();
}

/** Its gradient with respect to v: ∇ℓ(v, t) = 2 (v − t). */
export function dloss<C extends number>(v: Tensor<[C]>, t: Tensor<[NoInfer<C>]>): Tensor<[C]> {
  return v.sub(t).mul(2);
}

/** The network on one sample: x₀ = x, s₁ = w₁ x₀ + b₁, x₁ = σ(s₁), s₂ = w₂ x₁ + b₂, x₂ = σ(s₂). */
export function forwardPass<H extends number, D extends number, C extends number>(
  w1: Tensor<[H, D]>,
  b1: Tensor<[NoInfer<H>]>,
  w2: Tensor<[C, NoInfer<H>]>,
  b2: Tensor<[NoInfer<C>]>,
  x: Tensor<[NoInfer<D>]>,
): [x0: Tensor<[D]>, s1: Tensor<[H]>, x1: Tensor<[H]>, s2: Tensor<[C]>, x2: Tensor<[C]>] {
  const x0 = x;
  const s1 = w1.mv(x0).add(b1);
  const x1 = sigma(s1);
  const s2 = w2.mv(x1).add(b2);
  const x2 = sigma(s2);
  return [x0, s1, x1, s2, x2];
}

/**
 * Adds this sample's gradients to the four sums, by the chain rule from the loss back to the weights (⊙ is component
 * by component):
 *
 *     ∂ℓ/∂x₂ = ∇ℓ(x₂, t)        ∂ℓ/∂s₂ = ∂ℓ/∂x₂ ⊙ σ′(s₂)      ∂ℓ/∂w₂ = ∂ℓ/∂s₂ x₁ᵀ      ∂ℓ/∂b₂ = ∂ℓ/∂s₂
 *     ∂ℓ/∂x₁ = w₂ᵀ ∂ℓ/∂s₂       ∂ℓ/∂s₁ = ∂ℓ/∂x₁ ⊙ σ′(s₁)      ∂ℓ/∂w₁ = ∂ℓ/∂s₁ xᵀ       ∂ℓ/∂b₁ = ∂ℓ/∂s₁
 */
export function backwardPass<H extends number, D extends number, C extends number>(
  w1: Tensor<[H, D]>,
  b1: Tensor<[NoInfer<H>]>,
  w2: Tensor<[C, NoInfer<H>]>,
  b2: Tensor<[NoInfer<C>]>,
  t: Tensor<[NoInfer<C>]>,
  x: Tensor<[NoInfer<D>]>,
  s1: Tensor<[NoInfer<H>]>,
  x1: Tensor<[NoInfer<H>]>,
  s2: Tensor<[NoInfer<C>]>,
  x2: Tensor<[NoInfer<C>]>,
  dlDw1: Tensor<[NoInfer<H>, NoInfer<D>]>,
  dlDb1: Tensor<[NoInfer<H>]>,
  dlDw2: Tensor<[NoInfer<C>, NoInfer<H>]>,
  dlDb2: Tensor<[NoInfer<C>]>,
): void {
  const dlDx2 = dloss(x2, t);
  const dlDs2 = dlDx2.mul(dsigma(s2));
  const dlDx1 = w2.t().mv(dlDs2);
  const dlDs1 = dlDx1.mul(dsigma(s1));

  dlDw2.add_(dlDs2.outer(x1));
  dlDb2.add_(dlDs2);
  dlDw1.add_(dlDs1.outer(x));
  dlDb1.add_(dlDs1);
}
