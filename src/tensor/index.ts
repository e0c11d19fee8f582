/** `longhand/tensor`: torch's tensor, with shapes in its types and torch's random numbers. */
export {
  arange,
  empty,
  full,
  ones,
  onesLike,
  rand,
  randn,
  randperm,
  type ShapeOf,
  type TypedArray,
  tensor,
  zeros,
  zerosLike,
} from './create.ts';
export type { DType } from './dtype.ts';
export { type ErrorParts, LonghandError, ShapeError } from './errors.ts';
export {
  abs,
  add,
  allclose,
  argmax,
  cat,
  div,
  dot,
  eq,
  equal,
  exp,
  log,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mm,
  mul,
  mv,
  neg,
  outer,
  pow,
  relu,
  sigmoid,
  sqrt,
  stack,
  sub,
  sum,
  t,
  tanh,
  where,
} from './functions.ts';
export { defaultGenerator, Generator, type GeneratorState, manualSeed } from './random.ts';
export type { Extremes } from './reductions.ts';
export type { Broadcast, Shape, Viewed } from './shape-types.ts';
export { type Nested, type NestedNumbers, Tensor, type TensorOptions } from './tensor.ts';
