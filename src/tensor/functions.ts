import { where as whereOf } from './elementwise.ts';
import { cat as catOf, stack as stackOf } from './joining.ts';
import { promote, wantsOperand, wantsTensor } from './operands.ts';
import type { Extremes } from './reductions.ts';
import { functionAsOperation, made } from './seam.ts';
import type { Along, Broadcast, Broadcasts, OfStacks, Reduced, Shape } from './shape-types.ts';
import { scalar } from './strided.ts';
import type { Tensor } from './tensor.ts';

// torch's functions: `tanh(x)` is `x.tanh()`. Where there is a method of the same name they do what it does, and throw
// `ShapeError` where it does.

const chosen = functionAsOperation('where', whereOf<Tensor>);
const joined = functionAsOperation('cat', catOf<Tensor>);
const stacked = functionAsOperation('stack', stackOf<Tensor>);

/** A function that calls the method of its name. */
function method(name: string): (x: unknown, ...args: unknown[]) => never {
  return (x, ...args) => {
    wantsTensor(name, x);
    return (x as unknown as Record<string, (...args: unknown[]) => never>)[name]!(...args);
  };
}

/** The same, where a number may stand on the left: it becomes a tensor of no dimensions, which broadcasts to anything. */
function withNumbers(name: string): (x: Tensor | number, y: Tensor | number) => never {
  const apply = method(name);
  return (x, y) => {
    wantsOperand(name, x);
    if (typeof x !== 'number') return apply(x, y);
    wantsTensor(name, y);
    const other = y as Tensor;
    return apply(made(scalar(other, x, promote(other, x)), 'scalar'), other);
  };
}

// ————— element by element —————

interface BinaryFunction {
  <A extends Shape>(a: number, b: Tensor<A>): Tensor<A>;
  <A extends Shape>(a: Tensor<A>, b: Tensor<NoInfer<A>> | number): Tensor<A>;
  <A extends Shape, B extends Shape>(a: Tensor<A>, b: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
}

/** a + b, of two tensors or of a tensor and a number on either side. */
export const add: BinaryFunction = withNumbers('add');
/** a − b: `sub(1, x)` is 1 − x. */
export const sub: BinaryFunction = withNumbers('sub');
/** a · b, element by element. */
export const mul: BinaryFunction = withNumbers('mul');
/** a / b: `div(1, x)` is 1 / x. */
export const div: BinaryFunction = withNumbers('div');
/** a to the power b: `pow(x, 2)`, `pow(2, x)`. */
export const pow: BinaryFunction = withNumbers('pow');

interface BinaryTensorFunction {
  <A extends Shape>(a: Tensor<A>, b: Tensor<NoInfer<A>>): Tensor<A>;
  <A extends Shape, B extends Shape>(a: Tensor<A>, b: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
}
interface ComparingFunction extends BinaryTensorFunction {
  <A extends Shape>(a: Tensor<A>, b: number): Tensor<A>;
}

/** Where a and b are equal, as bools. */
export const eq: ComparingFunction = method('eq');
/** The larger of the two at each place, NaN where one is. */
export const maximum: BinaryTensorFunction = method('maximum');
/** The smaller of the two at each place, NaN where one is. */
export const minimum: BinaryTensorFunction = method('minimum');

type UnaryFunction = <A extends Shape>(x: Tensor<A>) => Tensor<A>;

/** Hyperbolic tangent. */
export const tanh: UnaryFunction = method('tanh');
/** eˣ */
export const exp: UnaryFunction = method('exp');
/** Natural logarithm. */
export const log: UnaryFunction = method('log');
/** Square root. */
export const sqrt: UnaryFunction = method('sqrt');
/** |x| */
export const abs: UnaryFunction = method('abs');
/** −x */
export const neg: UnaryFunction = method('neg');
/** x where it is positive, else 0. */
export const relu: UnaryFunction = method('relu');
/** 1 / (1 + e⁻ˣ) */
export const sigmoid: UnaryFunction = method('sigmoid');

/**
 * x where the condition holds, y elsewhere: `where(x.gt(0), x, 0)`. Numbers and all shapes broadcast.
 *
 * @throws ShapeError where the condition is not of bool, or the shapes do not broadcast.
 */
export function where<A extends Shape>(
  condition: Tensor<A>,
  x: Tensor<NoInfer<A>> | number,
  y: Tensor<NoInfer<A>> | number,
): Tensor<A>;
export function where<A extends Shape, B extends Shape, C extends Shape>(
  condition: Tensor<A>,
  x: Tensor<B> & Broadcasts<A, B>,
  y: Tensor<C> & Broadcasts<Broadcast<A, B>, C>,
): Tensor<Broadcast<Broadcast<A, B>, C>>;
export function where<A extends Shape, B extends Shape>(
  condition: Tensor<A>,
  x: Tensor<B> & Broadcasts<A, B>,
  y: number,
): Tensor<Broadcast<A, B>>;
export function where<A extends Shape, B extends Shape>(
  condition: Tensor<A>,
  x: number,
  y: Tensor<B> & Broadcasts<A, B>,
): Tensor<Broadcast<A, B>>;
export function where(condition: Tensor, x: Tensor | number, y: Tensor | number): Tensor {
  return chosen(condition, x, y);
}

// ————— sums and the like: over all elements, or along one dimension —————

interface ReduceFunction {
  (x: Tensor): Tensor<[]>;
  <A extends Shape, K extends number, Keep extends boolean = false>(
    x: Tensor<A>,
    dim: K,
    keepdim?: Keep,
  ): Tensor<Reduced<A, K, Keep>>;
}
interface ChooseFunction {
  (x: Tensor): Tensor<[]>;
  <A extends Shape, K extends number, Keep extends boolean = false>(
    x: Tensor<A>,
    dim: K,
    keepdim?: Keep,
  ): Extremes<Tensor<Reduced<A, K, Keep>>>;
}

/** The sum. */
export const sum: ReduceFunction = method('sum');
/** The mean. */
export const mean: ReduceFunction = method('mean');
/** The largest element; along a dimension, the largest ones with their places: `const [values, indices] = max(x, 0)`. */
export const max: ChooseFunction = method('max');
/** The place of the largest element, the first one on a tie. */
export const argmax: ReduceFunction = method('argmax');

// ————— products —————

/** The transpose: of [R, C] it is [C, R]; a vector is its own. */
export const t: {
  <R extends number, C extends number>(x: Tensor<[R, C]>): Tensor<[C, R]>;
  <N extends number>(x: Tensor<[N]>): Tensor<[N]>;
} = method('t');
/** Matrix times vector: [R, K] times [K] is [R]. */
export const mv: <R extends number, K extends number>(m: Tensor<[R, K]>, v: Tensor<[NoInfer<K>]>) => Tensor<[R]> =
  method('mv');
/** Matrix times matrix: [R, K] times [K, C] is [R, C]. */
export const mm: <R extends number, K extends number, C extends number>(
  a: Tensor<[R, K]>,
  b: Tensor<[NoInfer<K>, C]>,
) => Tensor<[R, C]> = method('mm');
/** torch's product for all cases: of vectors, matrices, and stacks of matrices. */
export const matmul: {
  <A extends Shape, B extends Shape>(a: Tensor<A>, b: Tensor<B> & OfStacks<A, B>): Tensor;
  <K extends number>(a: Tensor<[K]>, b: Tensor<[NoInfer<K>]>): Tensor<[]>;
  <R extends number, K extends number>(a: Tensor<[R, K]>, b: Tensor<[NoInfer<K>]>): Tensor<[R]>;
  <K extends number, C extends number>(a: Tensor<[K]>, b: Tensor<[NoInfer<K>, C]>): Tensor<[C]>;
  <R extends number, K extends number, C extends number>(a: Tensor<[R, K]>, b: Tensor<[NoInfer<K>, C]>): Tensor<[R, C]>;
} = method('matmul');
/** Column times row: [R] and [C] give [R, C]. */
export const outer: <R extends number, C extends number>(a: Tensor<[R]>, b: Tensor<[C]>) => Tensor<[R, C]> =
  method('outer');
/** u · v, of two vectors [K]. */
export const dot: <K extends number>(a: Tensor<[K]>, b: Tensor<[NoInfer<K>]>) => Tensor<[]> = method('dot');

// ————— whether two are the same —————

/** Whether every element is close to its counterpart: |a − b| ≤ atol + rtol · |b|. */
export const allclose: {
  <A extends Shape>(a: Tensor<A>, b: Tensor<NoInfer<A>>, rtol?: number, atol?: number): boolean;
  <A extends Shape, B extends Shape>(
    a: Tensor<A>,
    b: Tensor<B> & Broadcasts<A, B>,
    rtol?: number,
    atol?: number,
  ): boolean;
} = method('allclose');
/** Whether the two have one shape and the same elements; NaN equals nothing. */
export const equal: (a: Tensor, b: Tensor) => boolean = method('equal');

// ————— several as one —————

/** Refuses a list of tensors whose types differ. */
type OfOneShape<T, Each = T> = Each extends unknown ? ([T] extends [Each] ? unknown : 'these shapes differ') : never;
type Stretched<T, K extends number> = T extends Tensor<infer A> ? Along<A, K, [number]> : Shape;

/**
 * Tensors one after the other along `dim`: [N, D] and [M, D] give [N + M, D].
 *
 * @throws ShapeError where another length differs, there is no such dimension, or no tensor.
 */
export function cat<R extends Shape>(
  tensors: readonly [Tensor<[number, ...R]>, ...Tensor<NoInfer<[number, ...R]>>[]],
  dim?: 0,
): Tensor<[number, ...R]>;
export function cat<T extends Tensor>(tensors: readonly T[] & OfOneShape<T>, dim?: 0): Tensor<Stretched<T, 0>>;
export function cat<T extends Tensor, K extends number>(
  tensors: readonly T[],
  dim: K & (K extends 0 ? never : unknown),
): Tensor<Stretched<T, K>>;
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  return joined(tensors, dim);
}

/**
 * Tensors of one shape along a new dimension: of [D] and [D] it is [2, D].
 *
 * @throws ShapeError where the shapes differ, there is no such place for a dimension, or no tensor.
 */
export function stack<A extends Shape>(
  tensors: readonly [Tensor<A>, ...Tensor<NoInfer<A>>[]],
  dim?: 0,
): Tensor<[number, ...A]>;
export function stack<T extends Tensor>(tensors: readonly T[] & OfOneShape<T>, dim?: number): Tensor;
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  return stacked(tensors, dim);
}
