import { allclose } from './close.ts';
import { clone, contiguous, copyInto, to } from './copies.ts';
import type { DType } from './dtype.ts';
import * as elementwise from './elementwise.ts';
import {
  type BinaryOperation,
  binary,
  binaryInPlace,
  type UnaryOperation,
  unary,
  unaryInPlace,
} from './elementwise.ts';
import { ShapeError } from './errors.ts';
import { fill, fillNormally, fillUniformly } from './filling.ts';
import { elementsOf, indexSelect, scatterInto } from './indexing.ts';
import { mm, mv, outer } from './products.ts';
import { defaultGenerator, type Generator } from './random.ts';
import * as reductions from './reductions.ts';
import { type Reduction, reduce } from './reductions.ts';
import { dimension, show } from './shape.ts';
import type {
  Along,
  Broadcast,
  Broadcasts,
  BroadcastsTo,
  HasEntries,
  HasEntry,
  LengthAt,
  Own,
  Reduced,
  Shape,
  ViewableAs,
  Viewed,
} from './shape-types.ts';
import type { Data } from './storage.ts';
import { Strided } from './strided.ts';
import { textOf } from './text.ts';
import { narrow, select, transposed, view } from './views.ts';

export interface TensorOptions {
  readonly dtype?: DType;
}

/** Numbers nested as deep as a tensor has dimensions. */
export type Nested<S extends Shape> = number extends S['length']
  ? NestedNumbers
  : S extends [number, ...infer R extends number[]]
    ? Nested<R>[]
    : number;
export type NestedNumbers = number | NestedNumbers[];

// ————— what the operations of one kind have in common —————

/** Element by element, with a number or with a tensor that broadcasts. */
export interface Binary {
  <A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  <A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
}

/** The same into the tensor itself, which it returns; the other operand may broadcast. */
export interface BinaryInPlace {
  <A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  <A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & BroadcastsTo<A, B>): Tensor<A>;
}

/** Element by element, of one tensor. */
export type Unary = <A extends Shape>(this: Tensor<A>) => Tensor<A>;

/** Over all elements; or along `dim`, which the shape loses, or with `keepdim` has as a length of 1. */
export interface Reduce {
  (): Tensor<[]>;
  <A extends Shape, K extends number, Keep extends boolean = false>(
    this: Tensor<A>,
    dim: K,
    keepdim?: Keep,
  ): Tensor<Reduced<A, K, Keep>>;
}

/**
 * torch's tensor: numbers of one type, seen through a shape. `view`, `t`, `select` and `narrow` share their storage
 * with the tensor they come from; everything else without an underscore at its end returns new storage.
 *
 * The shape is part of the type, `Tensor<[50, 784]>`, so that a product of shapes that do not fit is an error in the
 * editor. Operations therefore name the shape of `this` themselves and read it nowhere else: the phantom method
 * `shapeIs` below is the only member that mentions S, and a method's parameter goes both ways, so `number` fits any
 * length while two different known lengths never fit. Where two parameters share a length, all but one name it as
 * `NoInfer<N>`; otherwise TypeScript takes N to be `50 | 784` where they disagree, and both fit.
 */
export interface Tensor<S extends Shape = Shape> {
  /** Never called, never there: it ties the shape to the type. */
  shapeIs(shape: S): void;
}
// biome-ignore lint/correctness/noUnusedVariables: S is used by the phantom method above
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the merged interface adds a type, not a member
export class Tensor<S extends Shape = Shape> extends Strided {
  // ————— looking at it —————

  /** All lengths, or that of one dimension. @throws ShapeError where there is no such dimension. */
  size<A extends Shape>(this: Tensor<A>): A;
  size<A extends Shape, K extends keyof A & number>(this: Tensor<A>, dim: K): A[K];
  size(dim: number): number;
  size(dim?: number): number | number[] {
    return dim === undefined ? [...this.shape] : this.shape[dimension('size', dim, this.shape)]!;
  }

  /** The one element of a tensor that has only one. @throws ShapeError where there are more, or none. */
  item(): number {
    if (this.numel() !== 1) {
      throw new ShapeError({
        operation: 'item',
        came: `a tensor of shape ${show(this.shape)} has ${this.numel()} elements`,
        wanted: 'item() wants one',
      });
    }
    return this.data[this.offset]!;
  }

  /** The elements as nested arrays; those of a bool tensor are 0 and 1. */
  tolist<A extends Shape>(this: Tensor<A>): Nested<A> {
    const list = (t: Tensor): NestedNumbers =>
      t.dim() === 0 ? t.item() : Array.from({ length: t.shape[0]! }, (_, i) => list(t.select(0, i)));
    return list(this as Tensor) as Nested<A>;
  }

  /** The elements row by row. Where they lie so already this is a look into the storage, not a copy. */
  elements(): Data {
    return elementsOf(this);
  }

  /** As torch prints it. */
  override toString(): string {
    return textOf(this);
  }

  // ————— seeing it otherwise: these share storage —————

  /**
   * The same elements in another shape; one length may be −1 and is then computed. [6] may be viewed as [2, 3]:
   * `x.view(2, 3)`, or as the shape of another, `x.view(y.shape)`.
   *
   * @throws ShapeError where that shape has more or fewer elements, or the elements do not lie so in memory.
   */
  view<A extends Shape, V extends Shape>(this: Tensor<A> & ViewableAs<A, V>, ...size: V): Tensor<Viewed<V>>;
  view<V extends Shape>(size: readonly [...V]): Tensor<Viewed<V>>;
  view(this: Tensor, ...size: number[] | [readonly number[]]): Tensor {
    return view(this, sizeOf(size));
  }

  /** The transpose: of [R, C] it is [C, R]; a vector is its own. @throws ShapeError from three dimensions on. */
  t<R extends number, C extends number>(this: Tensor<[R, C]>): Tensor<[C, R]>;
  t<N extends number>(this: Tensor<[N]>): Tensor<[N]>;
  t(this: Tensor): Tensor {
    return transposed(this);
  }

  /**
   * Entry `index` of dimension `dim`, which disappears: of [N, D] `x.select(0, n)` is [D], torch's `x[n]`.
   *
   * @throws ShapeError where there is no such dimension or entry.
   */
  select<L extends number, R extends Shape, I extends number>(
    this: Tensor<[L, ...R]>,
    dim: 0,
    index: I & HasEntry<I, L>,
  ): Tensor<R>;
  select<A extends Shape, K extends number, I extends number>(
    this: Tensor<A>,
    dim: K,
    index: I & HasEntry<I, LengthAt<A, K>>,
  ): Tensor<Along<A, K, []>>;
  select(this: Tensor, dim: number, index: number): Tensor {
    return select(this, dim, index);
  }

  /**
   * `length` entries of dimension `dim`, from `start` on: of [N, D] `x.narrow(0, 0, 5)` is [5, D], torch's `x[:5]`.
   *
   * @throws ShapeError where there is no such dimension, or it is not as long.
   */
  narrow<L extends number, R extends Shape, Start extends number, N extends number>(
    this: Tensor<[L, ...R]>,
    dim: 0,
    start: Start,
    length: N & HasEntries<Start, N, L>,
  ): Tensor<Own<[N, ...R]>>;
  narrow<A extends Shape, K extends number, Start extends number, N extends number>(
    this: Tensor<A>,
    dim: K,
    start: Start,
    length: N & HasEntries<Start, N, LengthAt<A, K>>,
  ): Tensor<Along<A, K, [N]>>;
  narrow(this: Tensor, dim: number, start: number, length: number): Tensor {
    return narrow(this, dim, start, length);
  }

  // ————— copying it —————

  /** A copy with storage of its own. */
  clone<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return clone(this);
  }

  /** This tensor where its elements lie row by row already, else a copy in which they do. */
  contiguous<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return contiguous(this);
  }

  /**
   * The same values in another type; this very tensor where it has the type already, unless a copy is asked for.
   *
   * @throws ShapeError where there is no such type.
   */
  to<A extends Shape>(this: Tensor<A>, dtype: DType, copy = false): Tensor<A> {
    return to(this, dtype, copy);
  }
  float<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return to(this, 'float32');
  }
  double<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return to(this, 'float64');
  }
  long<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return to(this, 'int64');
  }

  /**
   * The entries `index` of dimension `dim`, in that order, with repetitions: torch's `index_select`. Of [N, D], along 0
   * and with an index of [K], it is [K, D].
   *
   * @throws ShapeError where there is no such dimension or entry, or the index is no vector.
   */
  indexSelect<L extends number, R extends Shape, N extends number>(
    this: Tensor<[L, ...R]>,
    dim: 0,
    index: Tensor<[N]>,
  ): Tensor<[N, ...R]>;
  indexSelect<A extends Shape, K extends number, N extends number>(
    this: Tensor<A>,
    dim: K,
    index: Tensor<[N]>,
  ): Tensor<Along<A, K, [N]>>;
  indexSelect(this: Tensor, dim: number, index: Tensor<[number]>): Tensor {
    return indexSelect(this, dim, index);
  }

  // ————— products —————

  /** Matrix times vector: [R, K] times [K] is [R]. @throws ShapeError for other shapes. */
  mv<R extends number, K extends number>(this: Tensor<[R, K]>, v: Tensor<[NoInfer<K>]>): Tensor<[R]>;
  mv(this: Tensor, v: Tensor): Tensor {
    return mv(this, v);
  }

  /** Matrix times matrix: [R, K] times [K, C] is [R, C]. @throws ShapeError for other shapes. */
  mm<R extends number, K extends number, C extends number>(
    this: Tensor<[R, K]>,
    other: Tensor<[NoInfer<K>, C]>,
  ): Tensor<[R, C]>;
  mm(this: Tensor, other: Tensor): Tensor {
    return mm(this, other);
  }

  /** Column times row, u vᵀ: [R] and [C] give [R, C], this[r] · other[c]. @throws ShapeError for other shapes. */
  outer<R extends number, C extends number>(this: Tensor<[R]>, other: Tensor<[C]>): Tensor<[R, C]>;
  outer(this: Tensor, other: Tensor): Tensor {
    return outer(this, other);
  }

  // ————— element by element: a tensor that broadcasts, or a number —————
  //
  // What follows is declared here, a line for each, and made below from the records of elementwise.ts and reductions.ts.

  /** Sum of what stands at the same place. @throws ShapeError where the shapes do not broadcast. */
  declare readonly add: Binary;
  /** Difference. @throws ShapeError where the shapes do not broadcast, or one is bool. */
  declare readonly sub: Binary;
  /** Product of what stands at the same place, ⊙. @throws ShapeError where the shapes do not broadcast. */
  declare readonly mul: Binary;
  /** True division: two int64 tensors give a float32 one. @throws ShapeError where the shapes do not broadcast. */
  declare readonly div: Binary;
  /** Power. @throws ShapeError where the shapes do not broadcast, or an int64 meets a negative exponent. */
  declare readonly pow: Binary;

  /** Where the two are equal, as bools. @throws ShapeError where the shapes do not broadcast. */
  declare readonly eq: Binary;
  /** Where they differ, as bools. @throws ShapeError where the shapes do not broadcast. */
  declare readonly ne: Binary;
  /** Where this is less, as bools. @throws ShapeError where the shapes do not broadcast. */
  declare readonly lt: Binary;
  /** Where this is less or equal, as bools. @throws ShapeError where the shapes do not broadcast. */
  declare readonly le: Binary;
  /** Where this is greater, as bools. @throws ShapeError where the shapes do not broadcast. */
  declare readonly gt: Binary;
  /** Where this is greater or equal, as bools. @throws ShapeError where the shapes do not broadcast. */
  declare readonly ge: Binary;

  /** −x. @throws ShapeError for bools. */
  declare readonly neg: Unary;
  /** |x| */
  declare readonly abs: Unary;
  /** eˣ */
  declare readonly exp: Unary;
  /** Natural logarithm. */
  declare readonly log: Unary;
  /** Hyperbolic tangent. */
  declare readonly tanh: Unary;
  /** Square root. */
  declare readonly sqrt: Unary;

  // ————— in place —————
  //
  // They return the tensor itself, and throw `ShapeError` before anything is written.

  /** Adds `other`, which may broadcast. @throws ShapeError where it cannot, or the result has another type. */
  declare readonly add_: BinaryInPlace;
  /** Subtracts `other`, which may broadcast. @throws ShapeError where it cannot, or the result has another type. */
  declare readonly sub_: BinaryInPlace;
  /** Multiplies by `other`, which may broadcast. @throws ShapeError where it cannot, or the result has another type. */
  declare readonly mul_: BinaryInPlace;
  /** Divides by `other`, which may broadcast. @throws ShapeError where it cannot, or the result has another type. */
  declare readonly div_: BinaryInPlace;
  /** Raises to a power, which may broadcast. @throws ShapeError where it cannot, or the result has another type. */
  declare readonly pow_: BinaryInPlace;

  /** x ← −x. @throws ShapeError for bools. */
  declare readonly neg_: Unary;
  /** x ← |x| */
  declare readonly abs_: Unary;
  /** x ← eˣ. @throws ShapeError for int64 and bool. */
  declare readonly exp_: Unary;
  /** x ← ln x. @throws ShapeError for int64 and bool. */
  declare readonly log_: Unary;
  /** x ← tanh x. @throws ShapeError for int64 and bool. */
  declare readonly tanh_: Unary;
  /** x ← √x. @throws ShapeError for int64 and bool. */
  declare readonly sqrt_: Unary;

  /** Writes 0 everywhere. */
  zero_<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return fill(this, 0);
  }
  /** Writes `value` everywhere. */
  fill_<A extends Shape>(this: Tensor<A>, value: number): Tensor<A> {
    return fill(this, value);
  }
  /** Takes over the values of `other`, of any type, which may broadcast. @throws ShapeError where it cannot. */
  copy_<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>>): Tensor<A>;
  copy_<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & BroadcastsTo<A, B>): Tensor<A>;
  copy_(this: Tensor, other: Tensor): Tensor {
    return copyInto(this, other);
  }
  /** Fills with values of N(mean, std²), in float32 PyTorch's. @throws ShapeError for int64 and bool, or std < 0. */
  normal_<A extends Shape>(this: Tensor<A>, mean = 0, std = 1, generator: Generator = defaultGenerator): Tensor<A> {
    return fillNormally(this, mean, std, generator);
  }
  /** Fills with uniform values in [from, to), in float32 PyTorch's. @throws ShapeError for int64, bool, to < from. */
  uniform_<A extends Shape>(this: Tensor<A>, from = 0, to = 1, generator: Generator = defaultGenerator): Tensor<A> {
    return fillUniformly(this, from, to, generator);
  }

  /**
   * Writes `source` at the places that `index` names along `dim`: for a matrix and dim 1,
   * `this[i, index[i, j]] = source[i, j]`. How one-hot labels are made. `index` is int64; none of its lengths is larger
   * than that of `source`, nor, but along `dim`, than that of this tensor.
   *
   * @throws ShapeError where one of these does not hold or a place is not there; then nothing is written.
   */
  scatter_<A extends Shape>(this: Tensor<A>, dim: number, index: Tensor, source: Tensor | number): Tensor<A> {
    return scatterInto(this, dim, index, source);
  }

  // ————— reductions: over all elements, or along one dimension —————

  /** The sum. @throws ShapeError where there is no such dimension. */
  declare readonly sum: Reduce;
  /** The mean. @throws ShapeError for int64 and bool, or where there is no such dimension. */
  declare readonly mean: Reduce;
  /**
   * Standard deviation, unbiased: the sum of squares is divided by one less than the number of elements.
   *
   * @throws ShapeError for int64 and bool, or where there is no such dimension.
   */
  declare readonly std: Reduce;
  /**
   * The place of the largest element, the first one on a tie. Over all elements it counts row by row.
   *
   * @throws ShapeError where there are no elements, or no such dimension.
   */
  declare readonly argmax: Reduce;
  /**
   * The largest element; along a dimension, the largest ones with their places. NaN counts as the largest.
   *
   * @throws ShapeError where there are no elements, or no such dimension.
   */
  max(): Tensor<[]>;
  max<A extends Shape, K extends number, Keep extends boolean = false>(
    this: Tensor<A>,
    dim: K,
    keepdim?: Keep,
  ): { values: Tensor<Reduced<A, K, Keep>>; indices: Tensor<Reduced<A, K, Keep>> };
  max(this: Tensor, dim?: number, keepdim = false): Tensor | { values: Tensor; indices: Tensor } {
    const values = reduce(reductions.max, this, dim, keepdim);
    return dim === undefined ? values : { values, indices: reduce(reductions.argmax, this, dim, keepdim) };
  }

  /**
   * Whether every element is close to its counterpart: |this − other| ≤ atol + rtol · |other|. NaN is close to
   * nothing, Infinity to itself. @throws ShapeError where the two do not broadcast.
   */
  allclose<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>>, rtol?: number, atol?: number): boolean;
  allclose<A extends Shape, B extends Shape>(
    this: Tensor<A>,
    other: Tensor<B> & Broadcasts<A, B>,
    rtol?: number,
    atol?: number,
  ): boolean;
  allclose(other: Tensor, rtol = 1e-5, atol = 1e-8): boolean {
    return allclose(this, other, rtol, atol);
  }
}

/** A size as `(2, 3)` or as `([2, 3])`. */
function sizeOf(size: number[] | [readonly number[]]): readonly number[] {
  const [first] = size;
  return Array.isArray(first) ? first : (size as number[]);
}

// ————— the methods that are declared above, made from their records —————

function attach(name: string, method: (this: Tensor, ...args: never[]) => Tensor): void {
  Object.defineProperty(method, 'name', { value: name }); // as stacks show it
  Object.defineProperty(Tensor.prototype, name, { value: method, writable: true, configurable: true });
}

const { add, sub, mul, div, power, eq, ne, lt, le, gt, ge } = elementwise;
for (const operation of [add, sub, mul, div, power, eq, ne, lt, le, gt, ge] satisfies BinaryOperation[]) {
  attach(operation.name, function (other: Tensor | number) {
    return binary(operation, this, other);
  });
  if (operation.compares) continue;
  attach(`${operation.name}_`, function (other: Tensor | number) {
    return binaryInPlace(operation, this, other);
  });
}

const { neg, abs, exponential, logarithm, hyperbolicTangent, squareRoot } = elementwise;
for (const operation of [neg, abs, exponential, logarithm, hyperbolicTangent, squareRoot] satisfies UnaryOperation[]) {
  attach(operation.name, function () {
    return unary(operation, this);
  });
  attach(`${operation.name}_`, function () {
    return unaryInPlace(operation, this);
  });
}

const { sum, mean, std, argmax } = reductions;
for (const reduction of [sum, mean, std, argmax] satisfies Reduction[]) {
  attach(reduction.name, function (dim?: number, keepdim?: boolean) {
    return reduce(reduction, this, dim, keepdim);
  });
}

// console.log in Node shows a tensor as it prints
Object.defineProperty(Tensor.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: Tensor.prototype.toString });
