/** `longhand/tensor`: torch's tensor, with shapes in its types and torch's random numbers. */
export { add, div, mul, pow, sub } from './arithmetic.ts';
export { empty, ones, randn, randperm, type ShapeOf, type TypedArray, tensor, zeros } from './create.ts';
export type { DType } from './dtype.ts';
export { type ErrorParts, LonghandError, ShapeError } from './errors.ts';
export { defaultGenerator, Generator, type GeneratorState, manualSeed } from './random.ts';
export type { Broadcast, Shape, Viewed } from './shape-types.ts';
export { type Nested, type NestedNumbers, Tensor, type TensorOptions } from './tensor.ts';
