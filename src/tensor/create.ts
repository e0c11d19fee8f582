import { to } from './copies.ts';
import { cast, type DType, wantsDType } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { fill, fillNormally, fillUniformly } from './filling.ts';
import { wantsTensor } from './operands.ts';
import { defaultGenerator, type Generator } from './random.ts';
import { made as shown } from './seam.ts';
import { countOf, show } from './shape.ts';
import type { Own, Shape } from './shape-types.ts';
import { allocate } from './storage.ts';
import { Tensor, type TensorOptions } from './tensor.ts';

/** A row of numbers that is no `Array`. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** The shape of nested arrays: the lengths where they are written out, `number` where they are not known. */
export type ShapeOf<N> = N extends number
  ? []
  : N extends TypedArray
    ? [number]
    : N extends readonly (infer M)[]
      ? [N['length'], ...(M extends Row ? ShapeOf<M> : [])]
      : Shape;

type Row = readonly unknown[] | TypedArray;

function isRow(value: unknown): value is Row {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * A tensor of the given numbers, nested as deep as it has dimensions: `tensor([[1, 2], [3, 4]])`. Rows may be typed
 * arrays; they are copied. float32 unless asked otherwise.
 *
 * @example
 * const w = tensor([[1, 2, 3], [4, 5, 6]]); // a Tensor<[2, 3]>
 * console.log(w.mv(tensor([1, 0, 1]))); // tensor([ 4., 10.])
 *
 * @throws ShapeError where the rows differ in length, or hold what is no number.
 */
export function tensor<const N extends number | Row>(values: N, options: TensorOptions = {}): Tensor<ShapeOf<N>> {
  wantsDType('tensor', options.dtype ?? 'float32');
  const shape: number[] = [];
  for (let level: unknown = values; isRow(level); level = level[0]) shape.push(level.length);
  const flat: number[] = [];
  const collect = (value: unknown, depth: number): void => {
    if (depth === shape.length) {
      if (typeof value !== 'number')
        throw new ShapeError({ operation: 'tensor', came: `${String(value)} (${typeof value}) among the numbers` });
      flat.push(value);
      return;
    }
    if (!isRow(value) || value.length !== shape[depth]) {
      const came = isRow(value) ? `one of length ${value.length}` : `a ${typeof value}`;
      throw new ShapeError({
        operation: 'tensor',
        came: `rows of length ${shape[depth]}, then ${came}`,
        wanted: 'all rows must have one length',
      });
    }
    for (const inner of value) collect(inner, depth + 1);
  };
  collect(values, 0);
  const exact = new Tensor<ShapeOf<N>>(Float64Array.from(flat), shape, 'float64');
  return shown(to(exact, options.dtype ?? 'float32'), 'tensor');
}

/**
 * A tensor whose values are still to come: `empty(50, 784)`. It is filled with NaN (int64 and bool: zeros), so that
 * using it before it is given values shows.
 *
 * @throws ShapeError where a length is no whole number from 0 on, or there is no memory; so do the functions below.
 */
export function empty<S extends Shape>(...size: S): Tensor<Own<S>>;
export function empty<S extends Shape>(size: readonly [...S], options?: TensorOptions): Tensor<Own<S>>;
export function empty(...size: SizeArguments): Tensor {
  const t = made('empty', size);
  return shown(fill(t, t.dtype === 'int64' || t.dtype === 'bool' ? 0 : NaN), 'empty');
}

/**
 * `zeros(50, 784)`, in the shape of another `zeros(x.shape)`, with options `zeros([2, 3], { dtype: 'float64' })`.
 *
 * @example
 * const sums = zeros(50, 784); // a Tensor<[50, 784]>
 * sums.add_(zeros(50).outer(zeros(784)));
 */
export function zeros<S extends Shape>(...size: S): Tensor<Own<S>>;
export function zeros<S extends Shape>(size: readonly [...S], options?: TensorOptions): Tensor<Own<S>>;
export function zeros(...size: SizeArguments): Tensor {
  return shown(fill(made('zeros', size), 0), 'zeros');
}

export function ones<S extends Shape>(...size: S): Tensor<Own<S>>;
export function ones<S extends Shape>(size: readonly [...S], options?: TensorOptions): Tensor<Own<S>>;
export function ones(...size: SizeArguments): Tensor {
  return shown(fill(made('ones', size), 1), 'ones');
}

/** Values of N(0, 1) from the default generator, PyTorch's own for float32. */
export function randn<S extends Shape>(...size: S): Tensor<Own<S>>;
export function randn<S extends Shape>(size: readonly [...S], options?: TensorOptions): Tensor<Own<S>>;
export function randn(...size: SizeArguments): Tensor {
  return shown(fillNormally(made('randn', size), 0, 1, defaultGenerator), 'randn');
}

/** Uniform values in [0, 1) from the default generator, PyTorch's own for float32. */
export function rand<S extends Shape>(...size: S): Tensor<Own<S>>;
export function rand<S extends Shape>(size: readonly [...S], options?: TensorOptions): Tensor<Own<S>>;
export function rand(...size: SizeArguments): Tensor {
  return shown(fillUniformly(made('rand', size), 0, 1, defaultGenerator), 'rand');
}

/** One value everywhere: `full([2, 3], 0.9)`. float32 unless asked otherwise, as `tensor`. */
export function full<S extends Shape>(size: readonly [...S], value: number, options?: TensorOptions): Tensor<Own<S>>;
export function full(size: readonly number[], value: number, options: TensorOptions = {}): Tensor {
  if (typeof value !== 'number')
    throw new ShapeError({ operation: 'full', came: `a value of type ${typeof value}`, wanted: 'it wants a number' });
  return shown(fill(made('full', [size, options]), value), 'full');
}

/** The shape of `arange(N)`. */
type Ranged<N extends number> = `${N}` extends `${string}.${string}` ? [number] : Own<[N]>;

/**
 * From `start`, or 0, up to but not including `end`, `step` apart: `arange(3)` is 0, 1, 2. int64 where all are whole
 * numbers, else float32, unless asked otherwise.
 *
 * @throws ShapeError where a step does not lead from the start to the end, or there is no memory.
 */
export function arange<N extends number>(end: N): Tensor<Ranged<N>>;
export function arange(start: number, end: number, step?: number, options?: TensorOptions): Tensor<[number]>;
export function arange(first: number, last?: number, step = 1, options: TensorOptions = {}): Tensor {
  const [start, end] = last === undefined ? [0, first] : [first, last];
  const count = Math.ceil((end - start) / step);
  if (!Number.isFinite(count) || count < 0 || step === 0) {
    throw new ShapeError({
      operation: 'arange',
      came: `from ${start} to ${end} in steps of ${step}`,
      wanted: 'a step must lead from the start to the end',
    });
  }
  const whole = [start, end, step].every(Number.isInteger);
  const result = made('arange', [[count], { dtype: options.dtype ?? (whole ? 'int64' : 'float32') }]);
  for (let i = 0; i < count; i++) result.data[i] = cast(result.dtype, start + i * step);
  return shown(result, 'arange');
}

/** Zeros in the shape and of the type of `x`. */
export function zerosLike<A extends Shape>(x: Tensor<A>, options: TensorOptions = {}): Tensor<A> {
  wantsTensor('zerosLike', x);
  return zeros(x.size(), { dtype: options.dtype ?? x.dtype }) as Tensor as Tensor<A>;
}

/** Ones in the shape and of the type of `x`. */
export function onesLike<A extends Shape>(x: Tensor<A>, options: TensorOptions = {}): Tensor<A> {
  wantsTensor('onesLike', x);
  return ones(x.size(), { dtype: options.dtype ?? x.dtype }) as Tensor as Tensor<A>;
}

/** A random permutation of 0 … n − 1, PyTorch's own. */
export function randperm(n: number, generator: Generator = defaultGenerator): Tensor<[number]> {
  countOf('randperm', [n]);
  return shown(new Tensor(generator.permutation(n), [n], 'int64'), 'randperm');
}

/** A size as `(50, 784)` or as `([50, 784], options)`. */
type SizeArguments = readonly (number | readonly number[] | TensorOptions | undefined)[];

/** A tensor with its values still to come. */
function made(operation: string, args: SizeArguments): Tensor {
  const [first, options] = args;
  const size = (Array.isArray(first) ? first : args) as number[];
  const dtype: DType = (Array.isArray(first) && (options as TensorOptions | undefined)?.dtype) || 'float32';
  wantsDType(operation, dtype);
  const count = countOf(operation, size);
  try {
    return new Tensor(allocate(dtype, count), [...size], dtype);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const came = `there is no memory for the ${count} elements of ${show(size)}`;
    throw new ShapeError({ operation, came, advice: 'Take fewer' }, { cause: error });
  }
}
