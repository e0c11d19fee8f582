import { promote, wantsOperand, wantsTensor } from './operands.ts';
import type { Broadcast, Broadcasts, Shape } from './shape-types.ts';
import { scalar } from './strided.ts';
import type { Tensor } from './tensor.ts';

/**
 * The operations as functions, for a number on the left: `sub(1, x)` is 1 − x. With a tensor on the left they are the
 * methods of the same name.
 *
 * @throws ShapeError where the methods do.
 */

/** A number on the left as a tensor of no dimensions, which broadcasts to anything, of the type that both meet in. */
function asTensor(operation: string, x: Tensor | number, other: Tensor | number): Tensor {
  wantsOperand(operation, x);
  if (typeof x !== 'number') return x;
  wantsTensor(operation, other);
  const tensor = other as Tensor;
  return scalar(tensor, x, promote(tensor, x));
}

export function add<A extends Shape>(a: number, b: Tensor<A>): Tensor<A>;
export function add<A extends Shape>(a: Tensor<A>, b: Tensor<NoInfer<A>> | number): Tensor<A>;
export function add<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Broadcasts<A, B>,
): Tensor<Broadcast<A, B>>;
export function add(a: Tensor | number, b: Tensor | number): Tensor {
  return asTensor('add', a, b).add(b as Tensor);
}

export function sub<A extends Shape>(a: number, b: Tensor<A>): Tensor<A>;
export function sub<A extends Shape>(a: Tensor<A>, b: Tensor<NoInfer<A>> | number): Tensor<A>;
export function sub<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Broadcasts<A, B>,
): Tensor<Broadcast<A, B>>;
export function sub(a: Tensor | number, b: Tensor | number): Tensor {
  return asTensor('sub', a, b).sub(b as Tensor);
}

export function mul<A extends Shape>(a: number, b: Tensor<A>): Tensor<A>;
export function mul<A extends Shape>(a: Tensor<A>, b: Tensor<NoInfer<A>> | number): Tensor<A>;
export function mul<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Broadcasts<A, B>,
): Tensor<Broadcast<A, B>>;
export function mul(a: Tensor | number, b: Tensor | number): Tensor {
  return asTensor('mul', a, b).mul(b as Tensor);
}

export function div<A extends Shape>(a: number, b: Tensor<A>): Tensor<A>;
export function div<A extends Shape>(a: Tensor<A>, b: Tensor<NoInfer<A>> | number): Tensor<A>;
export function div<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Broadcasts<A, B>,
): Tensor<Broadcast<A, B>>;
export function div(a: Tensor | number, b: Tensor | number): Tensor {
  return asTensor('div', a, b).div(b as Tensor);
}

export function pow<A extends Shape>(a: number, b: Tensor<A>): Tensor<A>;
export function pow<A extends Shape>(a: Tensor<A>, b: Tensor<NoInfer<A>> | number): Tensor<A>;
export function pow<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Broadcasts<A, B>,
): Tensor<Broadcast<A, B>>;
export function pow(a: Tensor | number, b: Tensor | number): Tensor {
  return asTensor('pow', a, b).pow(b as Tensor);
}
