import type { Shape } from './shape.ts';
import { Tensor } from './tensor.ts';

/**
 * The operations as functions, for a number on the left: `sub(1, x)` is 1 − x. With a tensor on the left they are the
 * methods of the same name.
 */

type Operand<A extends Shape> = Tensor<A> | number;

/** A number as a tensor of no dimensions and of the other operand's type, which broadcasts to anything. */
function asTensor(x: Operand<Shape>, like: Operand<Shape>): Tensor {
  if (typeof x !== 'number') return x;
  const other = like as Tensor;
  const dtype = other.dtype === 'float64' || (other.dtype === 'int64' && Number.isInteger(x)) ? other.dtype : 'float32';
  return new Tensor(dtype === 'float32' ? Float32Array.of(x) : Float64Array.of(x), [], dtype);
}

export function add<A extends Shape>(a: Operand<A>, b: Tensor<A>): Tensor<A>;
export function add<A extends Shape>(a: Tensor<A>, b: Operand<NoInfer<A>>): Tensor<A>;
export function add(a: Operand<Shape>, b: Operand<Shape>): Tensor {
  return asTensor(a, b).add(b as Tensor);
}

export function sub<A extends Shape>(a: Operand<A>, b: Tensor<A>): Tensor<A>;
export function sub<A extends Shape>(a: Tensor<A>, b: Operand<NoInfer<A>>): Tensor<A>;
export function sub(a: Operand<Shape>, b: Operand<Shape>): Tensor {
  return asTensor(a, b).sub(b as Tensor);
}

export function mul<A extends Shape>(a: Operand<A>, b: Tensor<A>): Tensor<A>;
export function mul<A extends Shape>(a: Tensor<A>, b: Operand<NoInfer<A>>): Tensor<A>;
export function mul(a: Operand<Shape>, b: Operand<Shape>): Tensor {
  return asTensor(a, b).mul(b as Tensor);
}

export function div<A extends Shape>(a: Operand<A>, b: Tensor<A>): Tensor<A>;
export function div<A extends Shape>(a: Tensor<A>, b: Operand<NoInfer<A>>): Tensor<A>;
export function div(a: Operand<Shape>, b: Operand<Shape>): Tensor {
  return asTensor(a, b).div(b as Tensor);
}

export function pow<A extends Shape>(a: Operand<A>, b: Tensor<A>): Tensor<A>;
export function pow<A extends Shape>(a: Tensor<A>, b: Operand<NoInfer<A>>): Tensor<A>;
export function pow(a: Operand<Shape>, b: Operand<Shape>): Tensor {
  return asTensor(a, b).pow(b as Tensor);
}
