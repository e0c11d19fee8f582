import type { Shape, Tensor } from './tensor/index.ts';

/**
 * The practical's six functions, as a value: ours (`practical.ts`), a learner's, or those of another network with one
 * hidden layer. A file that exports them by these names is such a value: `import * as mine from './mine.ts'`. Each calls
 * those of its own file: with another `dsigma` a file needs a `backwardPass` of its own, be it a copy of ours.
 *
 * H hidden units, D inputs, C classes. `NoInfer` says which argument decides a length: without it TypeScript takes a
 * length to be `50 | 784` where two arguments disagree, and finds nothing wrong.
 */
export interface Practical {
  /** The activation, component by component: σ(x) = tanh x. Any shape. */
  readonly sigma: <S extends Shape>(x: Tensor<S>) => Tensor<S>;

  /** Its derivative, component by component, in terms of what σ is given: σ′(x) = 1 − tanh² x. Any shape. */
  readonly dsigma: <S extends Shape>(x: Tensor<S>) => Tensor<S>;

  /** The loss: ℓ(v, t) = ‖t − v‖², the sum over all components, without a mean and without a half. Any shape. */
  readonly loss: <S extends Shape>(v: Tensor<S>, t: Tensor<NoInfer<S>>) => Tensor<[]>;

  /** Its gradient with respect to v: ∇ℓ(v, t) = 2 (v − t), of the shape of v. */
  readonly dloss: <S extends Shape>(v: Tensor<S>, t: Tensor<NoInfer<S>>) => Tensor<S>;

  /** The network on one sample: x₀ = x, s₁ = w₁ x₀ + b₁, x₁ = σ(s₁), s₂ = w₂ x₁ + b₂, x₂ = σ(s₂). */
  readonly forwardPass: <H extends number, D extends number, C extends number>(
    w1: Tensor<[H, D]>,
    b1: Tensor<[NoInfer<H>]>,
    w2: Tensor<[C, NoInfer<H>]>,
    b2: Tensor<[NoInfer<C>]>,
    x: Tensor<[NoInfer<D>]>,
  ) => [x0: Tensor<[D]>, s1: Tensor<[H]>, x1: Tensor<[H]>, s2: Tensor<[C]>, x2: Tensor<[C]>];

  /**
   * Adds one sample's gradients to the four sums, in place, by the chain rule from the loss back to the weights:
   * `dlDw1.add_(∂ℓ/∂w₁)` and so on. `s1`, `x1`, `s2` and `x2` are what the forward pass gave for `x`.
   */
  readonly backwardPass: <H extends number, D extends number, C extends number>(
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
  ) => void;
}
