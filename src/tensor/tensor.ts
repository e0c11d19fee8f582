import { allclose, equal } from './comparing.ts';
import { clone, contiguous, copyInto, flatten, reshape, to } from './copies.ts';
import type { DType } from './dtype.ts';
import {
  arithmetic,
  binary,
  binaryInPlace,
  choices,
  comparisons,
  functionsOfOne,
  unary,
  unaryInPlace,
} from './elementwise.ts';
import { ShapeError } from './errors.ts';
import { fill, fillNormally, fillUniformly } from './filling.ts';
import { elementsOf, indexSelect, scatterInto } from './indexing.ts';
import { dot, matmul, mm, mv, outer } from './products.ts';
import { defaultGenerator, type Generator } from './random.ts';
import { Extremes, extremes, norm, reduce, reductions } from './reductions.ts';
import { operation as shown } from './seam.ts';
import { dimension, show } from './shape.ts';
import type {
  Along,
  Broadcast,
  Broadcasts,
  BroadcastsTo,
  CountOf,
  HasEntries,
  HasEntry,
  Inserted,
  LengthAt,
  OfStacks,
  Own,
  Reduced,
  Shape,
  Squeezed,
  SqueezedAt,
  Swapped,
  Turned,
  ViewableAs,
  Viewed,
} from './shape-types.ts';
import type { Data } from './storage.ts';
import { Strided } from './strided.ts';
import { textOf } from './text.ts';
import { expand, narrow, select, squeeze, transpose, transposed, turned, unsqueeze, view } from './views.ts';

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

/**
 * torch's tensor: numbers of one type, seen through a shape. What sees it otherwise, `view`, `t`, `select` and the like,
 * shares its storage with the tensor it comes from; everything else without an underscore at its end returns new storage.
 *
 * The shape is part of the type, `Tensor<[50, 784]>`, so that a product of shapes that do not fit is an error in the
 * editor. Operations therefore name the shape of `this` themselves and read it nowhere else: the phantom method
 * `shapeIs` below is the only member that mentions S (but for `T`, a property, which cannot name its `this`), and a
 * method's parameter goes both ways, so `number` fits any length while two different known lengths never fit. Where two
 * parameters share a length, all but one name it as `NoInfer<N>`; otherwise TypeScript takes N to be `50 | 784` where
 * they disagree, and both fit.
 */
export interface Tensor<S extends Shape = Shape> {
  /** Never called, never there: it ties the shape to the type. */
  shapeIs(shape: S): void;
}
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

  /** The transpose, as `t()`; of more than two dimensions all are turned round, as in torch. */
  get T(): Tensor<Turned<S>> {
    return turned(this as Tensor) as Tensor<Turned<S>>;
  }

  /** Two dimensions swapped: of [A, B, C] `x.transpose(0, 2)` is [C, B, A]. @throws ShapeError where one is not there. */
  transpose<A extends Shape, P extends number, Q extends number>(
    this: Tensor<A>,
    dim0: P,
    dim1: Q,
  ): Tensor<Swapped<A, P, Q>>;
  transpose(this: Tensor, dim0: number, dim1: number): Tensor {
    return transpose(this, dim0, dim1);
  }

  /**
   * A length of 1 before dimension `dim`, or behind the last one: of [N] `x.unsqueeze(1)` is [N, 1].
   *
   * @throws ShapeError where there is no such place.
   */
  unsqueeze<A extends Shape, K extends number>(this: Tensor<A>, dim: K): Tensor<Inserted<A, K>>;
  unsqueeze(this: Tensor, dim: number): Tensor {
    return unsqueeze(this, dim);
  }

  /**
   * Without its lengths of 1, or without dimension `dim` where that has a length of 1.
   *
   * @throws ShapeError where there is no such dimension.
   */
  squeeze<A extends Shape>(this: Tensor<A>): Tensor<Squeezed<A>>;
  squeeze<A extends Shape, K extends number>(this: Tensor<A>, dim: K): Tensor<SqueezedAt<A, K>>;
  squeeze(this: Tensor, dim?: number): Tensor {
    return squeeze(this, dim);
  }

  /**
   * As if its lengths of 1 were repeated; −1 leaves a length as it is. [3, 1] may be expanded to [3, 4] or [2, 3, 4].
   * Many elements of the result then lie at one place: copy it before you write to it.
   *
   * @throws ShapeError where another length would have to change.
   */
  expand<V extends Shape>(...size: V): Tensor<Viewed<V>>;
  expand<V extends Shape>(size: readonly [...V]): Tensor<Viewed<V>>;
  expand(this: Tensor, ...size: number[] | [readonly number[]]): Tensor {
    return expand(this, sizeOf(size));
  }

  /**
   * As `view`, but a copy where the elements do not lie so in memory.
   *
   * @throws ShapeError where that shape has more or fewer elements.
   */
  reshape<A extends Shape, V extends Shape>(this: Tensor<A> & ViewableAs<A, V>, ...size: V): Tensor<Viewed<V>>;
  reshape<V extends Shape>(size: readonly [...V]): Tensor<Viewed<V>>;
  reshape(this: Tensor, ...size: number[] | [readonly number[]]): Tensor {
    return reshape(this, sizeOf(size));
  }

  /**
   * All dimensions, or those from `first` to `last`, as one; a copy where the elements do not lie so in memory.
   *
   * @throws ShapeError where there are no such dimensions.
   */
  flatten<N extends number>(this: Tensor<[N]>): Tensor<[N]>;
  flatten<A extends Shape>(this: Tensor<A>): Tensor<[CountOf<A>]>;
  flatten(first: number, last?: number): Tensor;
  flatten(this: Tensor, first = 0, last = -1): Tensor {
    return flatten(this, first, last);
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

  /** u · v, of two vectors [K]. @throws ShapeError for other shapes. */
  dot<K extends number>(this: Tensor<[K]>, other: Tensor<[NoInfer<K>]>): Tensor<[]>;
  dot(this: Tensor, other: Tensor): Tensor {
    return dot(this, other);
  }

  /**
   * torch's product for all cases: [K] times [K], [R, K] times [K], [K] times [K, C], [R, K] times [K, C], and with more
   * dimensions the same for the last two, while those before them broadcast.
   *
   * @throws ShapeError for other shapes.
   */
  declare readonly matmul: MatrixProduct;

  // ————— element by element: a tensor that broadcasts, or a number —————
  //
  // What follows is declared here, a line for each. What it does stands in a record of elementwise.ts or reductions.ts.

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
  /** Hyperbolic cosine. */
  declare readonly cosh: Unary;
  /** 1 / (1 + e⁻ˣ) */
  declare readonly sigmoid: Unary;
  /** x where it is positive, else 0. @throws ShapeError for bools. */
  declare readonly relu: Unary;

  /** The larger of the two, NaN where one is. @throws ShapeError where the shapes do not broadcast. */
  declare readonly maximum: BinaryOfTensors;
  /** The smaller of the two, NaN where one is. @throws ShapeError where the shapes do not broadcast. */
  declare readonly minimum: BinaryOfTensors;

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
  /** x ← cosh x. @throws ShapeError for int64 and bool. */
  declare readonly cosh_: Unary;
  /** x ← 1 / (1 + e⁻ˣ). @throws ShapeError for int64 and bool. */
  declare readonly sigmoid_: Unary;
  /** x ← max(x, 0). @throws ShapeError for bools. */
  declare readonly relu_: Unary;

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
   * The place of the smallest element, the first one on a tie. Over all elements it counts row by row.
   *
   * @throws ShapeError where there are no elements, or no such dimension.
   */
  declare readonly argmin: Reduce;
  /**
   * The largest element; along a dimension, the largest ones with their places, the first one on a tie:
   * `const [values, indices] = x.max(0)`. NaN counts as the largest.
   *
   * @throws ShapeError where there are no elements, or no such dimension.
   */
  declare readonly max: Choose;
  /**
   * The smallest element; along a dimension, the smallest ones with their places, as `max`. NaN counts as the smallest.
   *
   * @throws ShapeError where there are no elements, or no such dimension.
   */
  declare readonly min: Choose;
  /**
   * The norm ‖x‖ₚ = (Σ |x|ᵖ)^(1/p), of all elements or along `dim`; p is 2 unless asked otherwise, and may be Infinity.
   *
   * @throws ShapeError for int64 and bool, or where there is no such dimension.
   */
  norm(p?: number): Tensor<[]>;
  norm<A extends Shape, K extends number, Keep extends boolean = false>(
    this: Tensor<A>,
    p: number,
    dim: K,
    keepdim?: Keep,
  ): Tensor<Reduced<A, K, Keep>>;
  norm(this: Tensor, p = 2, dim?: number, keepdim = false): Tensor {
    return reduce(norm(p), this, dim, keepdim);
  }

  /** Whether the two have one shape and the same elements; NaN equals nothing. */
  equal(other: Tensor): boolean {
    return equal(this, other);
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

// ————— the types of the methods that are declared above —————

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

/** The same where an element is chosen: along a dimension, the elements and their places. */
export interface Choose {
  (): Tensor<[]>;
  <A extends Shape, K extends number, Keep extends boolean = false>(
    this: Tensor<A>,
    dim: K,
    keepdim?: Keep,
  ): Extremes<Tensor<Reduced<A, K, Keep>>>;
}

/** Element by element, with another tensor, which may broadcast. */
export interface BinaryOfTensors {
  <A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>>): Tensor<A>;
  <A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
}

/** A product of vectors, matrices or, with more dimensions, stacks of matrices. */
export interface MatrixProduct {
  <A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & OfStacks<A, B>): Tensor;
  <K extends number>(this: Tensor<[K]>, other: Tensor<[NoInfer<K>]>): Tensor<[]>;
  <R extends number, K extends number>(this: Tensor<[R, K]>, other: Tensor<[NoInfer<K>]>): Tensor<[R]>;
  <K extends number, C extends number>(this: Tensor<[K]>, other: Tensor<[NoInfer<K>, C]>): Tensor<[C]>;
  <R extends number, K extends number, C extends number>(
    this: Tensor<[R, K]>,
    other: Tensor<[NoInfer<K>, C]>,
  ): Tensor<[R, C]>;
}

// ————— and what they do —————

function attach(name: string, method: (this: Tensor, ...args: never[]) => Tensor | Extremes<Tensor>): void {
  Object.defineProperty(method, 'name', { value: name }); // as stacks show it
  Object.defineProperty(Tensor.prototype, name, { value: method, writable: true, configurable: true });
}

for (const operation of [...arithmetic, ...comparisons, ...choices]) {
  attach(operation.name, function (other: Tensor | number) {
    return binary(operation, this, other);
  });
}
for (const operation of arithmetic) {
  attach(`${operation.name}_`, function (other: Tensor | number) {
    return binaryInPlace(operation, this, other);
  });
}
for (const operation of functionsOfOne) {
  attach(operation.name, function () {
    return unary(operation, this);
  });
  attach(`${operation.name}_`, function () {
    return unaryInPlace(operation, this);
  });
}
for (const reduction of reductions) {
  attach(reduction.name, function (dim?: number, keepdim?: boolean) {
    return reduce(reduction, this, dim, keepdim);
  });
}
for (const [element, place] of extremes) {
  attach(element.name, function (dim?: number, keepdim?: boolean) {
    const values = reduce(element, this, dim, keepdim);
    return dim === undefined ? values : new Extremes(values, reduce(place, this, dim, keepdim));
  });
}
attach('matmul', function (other: Tensor) {
  return matmul(this, other);
});

// all of them are operations; lengths may be asked for by anybody
for (const [name, { value, get, ...rest }] of Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype))) {
  if (name === 'constructor' || name === 'size') continue;
  const method = get === undefined ? { value: shown(name, value) } : { get: shown(name, get) };
  Object.defineProperty(Tensor.prototype, name, { ...rest, ...method });
}

// console.log in Node shows a tensor as it prints
Object.defineProperty(Tensor.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: Tensor.prototype.toString });
