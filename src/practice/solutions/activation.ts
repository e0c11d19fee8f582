import type { Practical } from '../../six-functions.ts';
import { sub, tanh } from '../../tensor/index.ts';

/**
 * The activation function of the network, component by component:
 *
 *     σ(x) = tanh x
 *
 * x is a tensor of any shape, and so is what is returned. `tanh(x)` is the function, `x.tanh()` the method; so it is
 * with `exp`, `pow`, `mul`, `add`, `sub`. They do all entries at once: none of the six functions may have a loop.
 */
export const sigma: Practical['sigma'] = x => {
  // solution: begin
  return tanh(x);
  // solution: end
};

/**
 * The derivative of the activation function, component by component, at x, which is what σ was given:
 *
 *     σ′(x) = 1 − tanh² x = 4 (eˣ + e⁻ˣ)⁻²
 *
 * x is a tensor of any shape, and so is what is returned. `sub(1, x)` is 1 − x, component by component.
 */
export const dsigma: Practical['dsigma'] = x => {
  // solution: begin
  return sub(1, tanh(x).pow(2));
  // solution: end
};
