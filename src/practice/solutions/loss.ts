import type { Practical } from '../../six-functions.ts';
import { sub } from '../../tensor/index.ts';

/**
 * The loss of a response v where t was wanted:
 *
 *     ℓ(v, t) = ‖t − v‖² = Σᵢ (tᵢ − vᵢ)²
 *
 * v and t have one shape. The sum is over all components: a tensor of shape [], one number.
 */
export const loss: Practical['loss'] = (v, t) => {
  // solution: begin
  return sub(t, v).pow(2).sum();
  // solution: end
};

/**
 * The gradient of the loss with respect to the response v:
 *
 *     ∂ℓ/∂vᵢ = 2 (vᵢ − tᵢ)
 *
 * v and t have one shape, and what is returned has it too: a derivative for each component of v.
 */
export const dloss: Practical['dloss'] = (v, t) => {
  // solution: begin
  return sub(v, t).mul(2);
  // solution: end
};
