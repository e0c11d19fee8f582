import { ShapeError } from './errors.ts';
import {
  addLoop,
  type BinaryLoop,
  type Data,
  divLoop,
  eachRow,
  eqLoop,
  geLoop,
  gtLoop,
  leLoop,
  ltLoop,
  mulLoop,
  mvLoop,
  neLoop,
  outerLoop,
  powLoop,
  subLoop,
} from './loops.ts';
import { exp, log, tanh } from './math.ts';
import { print } from './print.ts';
import { defaultGenerator, type Generator } from './random.ts';
import {
  type Along,
  type Broadcast,
  type Broadcasts,
  type BroadcastsTo,
  broadcastShapes,
  broadcastStrides,
  dimension,
  isRowMajor,
  type Reduced,
  rowMajorStrides,
  type Shape,
  show,
  type Viewed,
  viewedShape,
  viewedStrides,
} from './shape.ts';
import { allocate, type DType, wantsDType } from './storage.ts';

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
export class Tensor<S extends Shape = Shape> {
  /** Where the elements lie, perhaps together with those of other tensors. */
  readonly data: Data;
  /** The place of the first element in `data`. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly dtype: DType;

  /**
   * Most tensors come from `tensor`, `zeros`, `loadData` and from other tensors; this looks at given storage.
   *
   * @throws ShapeError where the shape reaches beyond the storage.
   */
  constructor(
    data: Data,
    shape: readonly number[],
    dtype: DType,
    strides: readonly number[] = rowMajorStrides(shape),
    offset = 0,
  ) {
    this.data = data;
    this.shape = shape;
    this.dtype = dtype;
    this.strides = strides;
    this.offset = offset;
    const end = endOf(shape, strides, offset);
    if (end > data.length)
      throw new ShapeError(
        `Tensor: ${show(shape)} from ${offset} on wants ${end} elements of storage; it has ${data.length}`,
      );
  }

  // ————— looking at it —————

  /** All lengths, or that of one dimension. @throws ShapeError where there is no such dimension. */
  size<A extends Shape>(this: Tensor<A>): A;
  size<A extends Shape, K extends keyof A & number>(this: Tensor<A>, dim: K): A[K];
  size(dim: number): number;
  size(dim?: number): number | number[] {
    return dim === undefined ? [...this.shape] : this.shape[dimension('size', dim, this.shape)]!;
  }

  /** The number of dimensions. */
  dim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  numel(): number {
    let count = 1;
    for (const length of this.shape) count *= length;
    return count;
  }

  /** Whether the elements lie one after the other in `data`, from `offset` on. */
  isContiguous(): boolean {
    return isRowMajor(this.shape, this.strides);
  }

  /** The one element of a tensor that has only one. @throws ShapeError where there are more, or none. */
  item(): number {
    if (this.numel() !== 1) {
      throw new ShapeError(
        `item: a tensor of shape ${show(this.shape)} has ${this.numel()} elements; item() wants one`,
      );
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
    const { data, offset } = this.contiguous();
    return data.subarray(offset, offset + this.numel());
  }

  toString(): string {
    return print(this as Tensor);
  }

  // ————— seeing it otherwise: these share storage —————

  /**
   * The same elements in another shape; one length may be −1 and is then computed. [6] may be viewed as [2, 3].
   *
   * @throws ShapeError where that shape has more or fewer elements, or the elements do not lie so in memory.
   */
  view<V extends Shape>(...size: V): Tensor<Viewed<V>> {
    const shape = viewedShape(size, this.shape);
    const strides = viewedStrides(this.shape, this.strides, shape);
    if (strides === undefined) {
      throw new ShapeError(
        `view: ${show(this.shape)} does not lie in memory so that it could be seen as ${show(size)}; ` +
          'make a copy first with contiguous()',
      );
    }
    return new Tensor(this.data, shape, this.dtype, strides, this.offset);
  }

  /** The transpose: of [R, C] it is [C, R]; a vector is its own. @throws ShapeError from three dimensions on. */
  t<R extends number, C extends number>(this: Tensor<[R, C]>): Tensor<[C, R]>;
  t<N extends number>(this: Tensor<[N]>): Tensor<[N]>;
  t(this: Tensor): Tensor {
    if (this.dim() > 2)
      throw new ShapeError(`t: a tensor of shape ${show(this.shape)}; t() wants at most two dimensions`);
    return new Tensor(this.data, [...this.shape].reverse(), this.dtype, [...this.strides].reverse(), this.offset);
  }

  /**
   * Entry `index` of dimension `dim`, which disappears: of [N, D] `x.select(0, n)` is [D], torch's `x[n]`.
   *
   * @throws ShapeError where there is no such dimension or entry.
   */
  select<L extends number, R extends Shape>(this: Tensor<[L, ...R]>, dim: 0, index: number): Tensor<R>;
  select<A extends Shape, K extends number>(this: Tensor<A>, dim: K, index: number): Tensor<Along<A, K, []>>;
  select(this: Tensor, dim: number, index: number): Tensor {
    const d = dimension('select', dim, this.shape);
    const length = this.shape[d]!;
    const i = index < 0 ? index + length : index;
    if (!Number.isInteger(i) || i < 0 || i >= length) {
      throw new ShapeError(
        `select: index ${index} of dimension ${d}, which has length ${length} in ${show(this.shape)}`,
      );
    }
    const without = (list: readonly number[]) => list.filter((_, k) => k !== d);
    const offset = this.offset + i * this.strides[d]!;
    return new Tensor(this.data, without(this.shape), this.dtype, without(this.strides), offset);
  }

  /**
   * `length` entries of dimension `dim`, from `start` on: of [N, D] `x.narrow(0, 0, 5)` is [5, D], torch's `x[:5]`.
   *
   * @throws ShapeError where there is no such dimension, or it is not as long.
   */
  narrow<L extends number, R extends Shape, N extends number>(
    this: Tensor<[L, ...R]>,
    dim: 0,
    start: number,
    length: N,
  ): Tensor<[N, ...R]>;
  narrow<A extends Shape, K extends number, N extends number>(
    this: Tensor<A>,
    dim: K,
    start: number,
    length: N,
  ): Tensor<Along<A, K, [N]>>;
  narrow(this: Tensor, dim: number, start: number, length: number): Tensor {
    const d = dimension('narrow', dim, this.shape);
    if (
      !Number.isInteger(start) ||
      !Number.isInteger(length) ||
      start < 0 ||
      length < 0 ||
      start + length > this.shape[d]!
    ) {
      throw new ShapeError(
        `narrow: entries ${start} to ${start + length - 1} of dimension ${d}, ` +
          `which has length ${this.shape[d]} in ${show(this.shape)}`,
      );
    }
    const shape = this.shape.map((own, k) => (k === d ? length : own));
    return new Tensor(this.data, shape, this.dtype, this.strides, this.offset + start * this.strides[d]!);
  }

  // ————— copying it —————

  /** A copy with storage of its own. */
  clone<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return this.to(this.dtype, true);
  }

  /** This tensor where its elements lie row by row already, else a copy in which they do. */
  contiguous<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return this.isContiguous() ? this : this.clone();
  }

  /**
   * The same values in another type; this very tensor where it has the type already, unless a copy is asked for.
   *
   * @throws ShapeError where there is no such type.
   */
  to<A extends Shape>(this: Tensor<A>, dtype: DType, copy = false): Tensor<A> {
    if (dtype === this.dtype && !copy) return this;
    wantsDType('to', dtype);
    const data = allocate(dtype, this.numel());
    const result = new Tensor<A>(data, this.shape, dtype);
    if (this.isContiguous() && dtype !== 'int64' && dtype !== 'bool') {
      data.set(this.data.subarray(this.offset, this.offset + data.length));
    } else {
      assign(result as Tensor, this as Tensor);
    }
    return result;
  }
  float<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return this.to('float32');
  }
  double<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return this.to('float64');
  }
  long<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return this.to('int64');
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
    if (index.dim() !== 1)
      throw new ShapeError(`indexSelect: an index of shape ${show(index.shape)}; it wants one dimension`);
    const d = dimension('indexSelect', dim, this.shape);
    const shape = this.shape.map((length, k) => (k === d ? index.numel() : length));
    const result = blank(shape, this.dtype);
    for (const [k, i] of index.tolist().entries()) assign(result.select(d, k), this.select(d, i));
    return result;
  }

  // ————— products —————

  /** Matrix times vector: [R, K] times [K] is [R]. @throws ShapeError for other shapes. */
  mv<R extends number, K extends number>(this: Tensor<[R, K]>, v: Tensor<[NoInfer<K>]>): Tensor<[R]> {
    wantsTensor('mv', v);
    if (this.dim() !== 2 || v.dim() !== 1) {
      throw new ShapeError(
        `mv: a matrix times a vector; here ${show(this.shape)} times ${show(v.shape)}` +
          (v.dim() === 2 ? '. Did you mean mm?' : ''),
      );
    }
    const [rows, columns] = this.shape as [R, K];
    if (v.shape[0] !== columns) {
      throw new ShapeError(
        `mv: the matrix is ${show(this.shape)} but v is ${show(v.shape)}; it wants [${columns}]` +
          (v.shape[0] === rows ? '. Did you mean the transpose, .t()?' : ''),
      );
    }
    const dtype = promote(this, v);
    const m = this.to(dtype);
    const x = v.to(dtype);
    const data = allocate(dtype, rows);
    mvLoop(data, m.data, m.offset, m.strides[0]!, m.strides[1]!, x.data, x.offset, x.strides[0]!, rows, columns);
    return new Tensor(data, [rows], dtype);
  }

  /** Matrix times matrix: [R, K] times [K, C] is [R, C]. @throws ShapeError for other shapes. */
  mm<R extends number, K extends number, C extends number>(
    this: Tensor<[R, K]>,
    other: Tensor<[NoInfer<K>, C]>,
  ): Tensor<[R, C]> {
    wantsTensor('mm', other);
    if (this.dim() !== 2 || other.dim() !== 2) {
      throw new ShapeError(
        `mm: a matrix times a matrix; here ${show(this.shape)} times ${show(other.shape)}` +
          (other.dim() === 1 ? '. Did you mean mv, or a view with a length of 1?' : ''),
      );
    }
    const [rows, inner] = this.shape as [R, K];
    const columns = other.shape[1] as C;
    if (other.shape[0] !== inner) {
      throw new ShapeError(
        `mm: ${show(this.shape)} times ${show(other.shape)}; the second wants [${inner}, …]` +
          ((columns as number) === inner ? '. Did you mean its transpose, .t()?' : ''),
      );
    }
    if (inner === 1) return this.select(1, 0).outer(other.select(0, 0)) as unknown as Tensor<[R, C]>;
    const dtype = promote(this, other);
    const a = this.to(dtype);
    const columnsOfB = other.to(dtype).t().contiguous();
    const data = allocate(dtype, rows * columns);
    for (let r = 0; r < rows; r++) {
      // row r of the product is the matrix of b's columns times row r of a
      const row = data.subarray(r * columns, (r + 1) * columns);
      mvLoop(
        row,
        columnsOfB.data,
        columnsOfB.offset,
        inner,
        1,
        a.data,
        a.offset + r * a.strides[0]!,
        a.strides[1]!,
        columns,
        inner,
      );
    }
    return new Tensor(data, [rows, columns], dtype);
  }

  /** Column times row, u vᵀ: [R] and [C] give [R, C], this[r] · other[c]. @throws ShapeError for other shapes. */
  outer<R extends number, C extends number>(this: Tensor<[R]>, other: Tensor<[C]>): Tensor<[R, C]> {
    wantsTensor('outer', other);
    if (this.dim() !== 1 || other.dim() !== 1) {
      throw new ShapeError(`outer: a vector and a vector; here ${show(this.shape)} and ${show(other.shape)}`);
    }
    const dtype = promote(this, other);
    const a = this.to(dtype);
    const b = other.to(dtype).contiguous();
    const shape = [a.shape[0]!, b.shape[0]!] as [R, C];
    const data = allocate(dtype, shape[0] * shape[1]);
    outerLoop(data, a.data, a.offset, a.strides[0]!, b.data, b.offset, ...shape);
    return new Tensor(data, shape, dtype);
  }

  // ————— element by element: a tensor that broadcasts, or a number —————

  /** Sum of what stands at the same place. @throws ShapeError where the shapes do not broadcast. */
  add<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  add<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
  add(this: Tensor, other: Tensor | number): Tensor {
    return binary('add', addLoop, this, other);
  }
  /** Difference. @throws ShapeError where the shapes do not broadcast, or one is bool. */
  sub<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  sub<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
  sub(this: Tensor, other: Tensor | number): Tensor {
    return binary('sub', subLoop, this, other);
  }
  /** Product of what stands at the same place, ⊙. @throws ShapeError where the shapes do not broadcast. */
  mul<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  mul<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
  mul(this: Tensor, other: Tensor | number): Tensor {
    return binary('mul', mulLoop, this, other);
  }
  /** True division: two int64 tensors give a float32 one. @throws ShapeError where the shapes do not broadcast. */
  div<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  div<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
  div(this: Tensor, other: Tensor | number): Tensor {
    return binary('div', divLoop, this, other);
  }
  /** Power. @throws ShapeError where the shapes do not broadcast, or an int64 meets a negative exponent. */
  pow<A extends Shape>(this: Tensor<A>, exponent: Tensor<NoInfer<A>> | number): Tensor<A>;
  pow<A extends Shape, B extends Shape>(
    this: Tensor<A>,
    exponent: Tensor<B> & Broadcasts<A, B>,
  ): Tensor<Broadcast<A, B>>;
  pow(this: Tensor, exponent: Tensor | number): Tensor {
    if (exponent === 2 && this.dtype !== 'bool') return binary('pow', mulLoop, this, this);
    return binary('pow', powLoop, this, exponent);
  }

  /** Where the two are equal, as bools. @throws ShapeError where the shapes do not broadcast. */
  eq<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  eq<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
  eq(this: Tensor, other: Tensor | number): Tensor {
    return binary('eq', eqLoop, this, other, 'bool');
  }
  /** Where they differ. @throws ShapeError where the shapes do not broadcast. */
  ne<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  ne<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
  ne(this: Tensor, other: Tensor | number): Tensor {
    return binary('ne', neLoop, this, other, 'bool');
  }
  /** Where this is less. @throws ShapeError where the shapes do not broadcast. */
  lt<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  lt<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
  lt(this: Tensor, other: Tensor | number): Tensor {
    return binary('lt', ltLoop, this, other, 'bool');
  }
  /** Where this is less or equal. @throws ShapeError where the shapes do not broadcast. */
  le<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  le<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
  le(this: Tensor, other: Tensor | number): Tensor {
    return binary('le', leLoop, this, other, 'bool');
  }
  /** Where this is greater. @throws ShapeError where the shapes do not broadcast. */
  gt<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  gt<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
  gt(this: Tensor, other: Tensor | number): Tensor {
    return binary('gt', gtLoop, this, other, 'bool');
  }
  /** Where this is greater or equal. @throws ShapeError where the shapes do not broadcast. */
  ge<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  ge<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & Broadcasts<A, B>): Tensor<Broadcast<A, B>>;
  ge(this: Tensor, other: Tensor | number): Tensor {
    return binary('ge', geLoop, this, other, 'bool');
  }

  /** @throws ShapeError for bools. */
  neg<A extends Shape>(this: Tensor<A>): Tensor<A> {
    wantsNumbers('neg', this);
    return unary(x => -x, this, blank(this.shape, this.dtype));
  }
  abs<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return unary(Math.abs, this, blank(this.shape, this.dtype));
  }
  exp<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return unary(exp, this, blankFloat(this));
  }
  /** Natural logarithm. */
  log<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return unary(log, this, blankFloat(this));
  }
  tanh<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return unary(tanh, this, blankFloat(this));
  }
  sqrt<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return unary(Math.sqrt, this, blankFloat(this));
  }

  // ————— in place —————
  //
  // They return the tensor itself, and throw `ShapeError` before anything is written.

  /** Adds `other`, which may broadcast. @throws ShapeError where it cannot, or the result has another type. */
  add_<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  add_<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & BroadcastsTo<A, B>): Tensor<A>;
  add_(this: Tensor, other: Tensor | number): Tensor {
    return binaryInPlace('add_', addLoop, this, other);
  }
  /** Subtracts `other`, which may broadcast. @throws ShapeError where it cannot, or the result has another type. */
  sub_<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  sub_<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & BroadcastsTo<A, B>): Tensor<A>;
  sub_(this: Tensor, other: Tensor | number): Tensor {
    return binaryInPlace('sub_', subLoop, this, other);
  }
  /** Multiplies by `other`, which may broadcast. @throws ShapeError where it cannot, or the result has another type. */
  mul_<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  mul_<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & BroadcastsTo<A, B>): Tensor<A>;
  mul_(this: Tensor, other: Tensor | number): Tensor {
    return binaryInPlace('mul_', mulLoop, this, other);
  }
  /** Divides by `other`, which may broadcast. @throws ShapeError where it cannot, or the result has another type. */
  div_<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>> | number): Tensor<A>;
  div_<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & BroadcastsTo<A, B>): Tensor<A>;
  div_(this: Tensor, other: Tensor | number): Tensor {
    return binaryInPlace('div_', divLoop, this, other);
  }
  /** Raises to `exponent`, which may broadcast. @throws ShapeError where it cannot, or the result has another type. */
  pow_<A extends Shape>(this: Tensor<A>, exponent: Tensor<NoInfer<A>> | number): Tensor<A>;
  pow_<A extends Shape, B extends Shape>(this: Tensor<A>, exponent: Tensor<B> & BroadcastsTo<A, B>): Tensor<A>;
  pow_(this: Tensor, exponent: Tensor | number): Tensor {
    return binaryInPlace('pow_', powLoop, this, exponent);
  }

  /** @throws ShapeError for bools. */
  neg_<A extends Shape>(this: Tensor<A>): Tensor<A> {
    wantsNumbers('neg_', this);
    return unary(x => -x, this, this);
  }
  abs_<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return unary(Math.abs, this, this);
  }
  /** @throws ShapeError for int64 and bool. */
  exp_<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return unary(exp, this, wantsFloat('exp_', this));
  }
  /** @throws ShapeError for int64 and bool. */
  log_<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return unary(log, this, wantsFloat('log_', this));
  }
  /** @throws ShapeError for int64 and bool. */
  tanh_<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return unary(tanh, this, wantsFloat('tanh_', this));
  }
  /** @throws ShapeError for int64 and bool. */
  sqrt_<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return unary(Math.sqrt, this, wantsFloat('sqrt_', this));
  }

  zero_<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return this.fill_(0);
  }
  /** Writes `value` everywhere. */
  fill_<A extends Shape>(this: Tensor<A>, value: number): Tensor<A> {
    if (this.isContiguous()) this.data.fill(cast(this.dtype, value), this.offset, this.offset + this.numel());
    else unary(() => value, this, this);
    return this;
  }
  /** Takes over the values of `other`, of any type, which may broadcast. @throws ShapeError where it cannot. */
  copy_<A extends Shape>(this: Tensor<A>, other: Tensor<NoInfer<A>>): Tensor<A>;
  copy_<A extends Shape, B extends Shape>(this: Tensor<A>, other: Tensor<B> & BroadcastsTo<A, B>): Tensor<A>;
  copy_(this: Tensor, other: Tensor): Tensor {
    wantsTensor('copy_', other);
    wantsBroadcastTo('copy_', this, other);
    assign(this, apart(other, this));
    return this;
  }

  /** Fills with values of N(mean, std²), in float32 PyTorch's. @throws ShapeError for int64 and bool, or std < 0. */
  normal_<A extends Shape>(this: Tensor<A>, mean = 0, std = 1, generator: Generator = defaultGenerator): Tensor<A> {
    if (!(std >= 0)) throw new ShapeError(`normal_: a standard deviation of ${std}; it must be 0 or more`);
    return fillRandomly('normal_', this, data => generator.fillNormal(data, mean, std));
  }
  /** Fills with uniform values in [from, to), in float32 PyTorch's. @throws ShapeError for int64, bool, to < from. */
  uniform_<A extends Shape>(this: Tensor<A>, from = 0, to = 1, generator: Generator = defaultGenerator): Tensor<A> {
    if (!(from <= to)) throw new ShapeError(`uniform_: from ${from} to ${to}; the first must not be the larger`);
    return fillRandomly('uniform_', this, data => generator.fillUniform(data, from, to));
  }

  /**
   * Writes `source` at the places that `index` names along `dim`: for a matrix and dim 1,
   * `this[i, index[i, j]] = source[i, j]`. How one-hot labels are made. `index` is int64; none of its lengths is larger
   * than that of `source`, nor, but along `dim`, than that of this tensor.
   *
   * @throws ShapeError where one of these does not hold or a place is not there; then nothing is written.
   */
  scatter_<A extends Shape>(this: Tensor<A>, dim: number, index: Tensor, source: Tensor | number): Tensor<A> {
    const d = dimension('scatter_', dim, this.shape);
    wantsTensor('scatter_', index);
    wantsOperand('scatter_', source);
    if (index.dtype !== 'int64')
      throw new ShapeError(`scatter_: an index of ${index.dtype}; it wants int64. Convert it with .long()`);
    if (index.dim() !== this.dim() || index.shape.some((n, k) => k !== d && n > this.shape[k]!)) {
      throw new ShapeError(
        `scatter_: an index of shape ${show(index.shape)} into ${show(this.shape)} along dimension ${d}`,
      );
    }
    if (
      typeof source !== 'number' &&
      (source.dim() !== index.dim() || index.shape.some((n, k) => n > source.shape[k]!))
    ) {
      throw new ShapeError(
        `scatter_: a source of shape ${show(source.shape)} for an index of shape ${show(index.shape)}`,
      );
    }
    const place = index.elements().find(i => !(i >= 0 && i < this.shape[d]!));
    if (place !== undefined)
      throw new ShapeError(`scatter_: index ${place} into a dimension of length ${this.shape[d]}`);
    // the copies are read to the end, whatever is written meanwhile
    const own = (t: Tensor) => withLast(t.data.buffer === this.data.buffer ? t.clone() : t, d);
    scatterRows(withLast(this, d), own(index), typeof source === 'number' ? source : own(source));
    return this;
  }

  // ————— reductions: over all elements, or along one dimension —————
  //
  // Along `dim` the shape loses that dimension, or with `keepdim` has a length of 1 there.

  /** The sum. @throws ShapeError where there is no such dimension. */
  sum(): Tensor<[]>;
  sum<A extends Shape, K extends number, Keep extends boolean = false>(
    this: Tensor<A>,
    dim: K,
    keepdim?: Keep,
  ): Tensor<Reduced<A, K, Keep>>;
  sum(this: Tensor, dim?: number, keepdim = false): Tensor {
    return reduce('sum', this, dim, keepdim, isFloat(this.dtype) ? this.dtype : 'int64', sumOf);
  }
  /** The mean. @throws ShapeError for int64 and bool, or where there is no such dimension. */
  mean(): Tensor<[]>;
  mean<A extends Shape, K extends number, Keep extends boolean = false>(
    this: Tensor<A>,
    dim: K,
    keepdim?: Keep,
  ): Tensor<Reduced<A, K, Keep>>;
  mean(this: Tensor, dim?: number, keepdim = false): Tensor {
    wantsFloat('mean', this);
    return reduce('mean', this, dim, keepdim, this.dtype, meanOf);
  }
  /**
   * Standard deviation, unbiased: the sum of squares is divided by one less than the number of elements.
   *
   * @throws ShapeError for int64 and bool, or where there is no such dimension.
   */
  std(): Tensor<[]>;
  std<A extends Shape, K extends number, Keep extends boolean = false>(
    this: Tensor<A>,
    dim: K,
    keepdim?: Keep,
  ): Tensor<Reduced<A, K, Keep>>;
  std(this: Tensor, dim?: number, keepdim = false): Tensor {
    wantsFloat('std', this);
    return reduce('std', this, dim, keepdim, this.dtype, stdOf);
  }
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
    const values = reduce('max', this, dim, keepdim, this.dtype, (d, i, s, n) => d[i + s * placeOfMax(d, i, s, n)]!);
    return dim === undefined ? values : { values, indices: this.argmax(dim, keepdim) };
  }
  /**
   * The place of the largest element, the first one on a tie. Over all elements it counts row by row.
   *
   * @throws ShapeError where there are no elements, or no such dimension.
   */
  argmax(): Tensor<[]>;
  argmax<A extends Shape, K extends number, Keep extends boolean = false>(
    this: Tensor<A>,
    dim: K,
    keepdim?: Keep,
  ): Tensor<Reduced<A, K, Keep>>;
  argmax(this: Tensor, dim?: number, keepdim = false): Tensor {
    return reduce('argmax', this, dim, keepdim, 'int64', placeOfMax);
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
  allclose(this: Tensor, other: Tensor, rtol = 1e-5, atol = 1e-8): boolean {
    wantsTensor('allclose', other);
    const shape = broadcastShapes('allclose', this.shape, other.shape);
    let close = true;
    eachRow(
      shape,
      [0, this.offset, other.offset],
      [
        [...shape].fill(0),
        broadcastStrides(this.shape, this.strides, shape),
        broadcastStrides(other.shape, other.strides, shape),
      ],
      (_, i, j, length) => {
        const is = innerStride(this, shape);
        const js = innerStride(other, shape);
        for (let k = 0; k < length; k++) {
          const x = this.data[i + k * is]!;
          const y = other.data[j + k * js]!;
          const distance = Math.abs(x - y);
          close &&= x === y || (distance < Infinity && distance <= atol + rtol * Math.abs(y));
        }
      },
    );
    return close;
  }
}

// console.log in Node shows a tensor as it prints
Object.defineProperty(Tensor.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: Tensor.prototype.toString });

// ————— what JavaScript lets through —————

/** Refuses what is no tensor. The types do so already; but not for JavaScript, nor through `any`. */
export function wantsTensor(operation: string, operand: unknown): void {
  if (!(operand instanceof Tensor))
    throw new ShapeError(`${operation}: ${kindOf(operand)}; it wants a tensor. Make one with tensor(…)`);
}

/** Refuses what is neither a tensor nor a number. */
export function wantsOperand(operation: string, operand: unknown): void {
  if (typeof operand !== 'number' && !(operand instanceof Tensor))
    throw new ShapeError(
      `${operation}: ${kindOf(operand)}; it wants a tensor or a number. Make a tensor with tensor(…)`,
    );
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

// ————— types of elements —————

const RANK: Record<DType, number> = { bool: 0, int64: 1, float32: 2, float64: 3 };

function isFloat(dtype: DType): boolean {
  return RANK[dtype] >= RANK.float32;
}

function wantsFloat<A extends Shape>(operation: string, t: Tensor<A>): Tensor<A> {
  if (isFloat(t.dtype)) return t;
  throw new ShapeError(
    `${operation}: a tensor of ${t.dtype}; ${operation} wants float32 or float64. Convert it with .float()`,
  );
}

function wantsNumbers(operation: string, ...operands: (Tensor | number)[]): void {
  if (operands.some(operand => typeof operand !== 'number' && operand.dtype === 'bool'))
    throw new ShapeError(`${operation}: a tensor of bool; ${operation} wants numbers. Convert it with .long()`);
}

/**
 * The type that two operands meet in. A number takes the tensor's, unless that could not hold it, and among float types
 * a tensor of no dimensions counts as a number.
 */
export function promote(a: Tensor, b: Tensor | number): DType {
  if (typeof b !== 'number') {
    if (isFloat(a.dtype) && isFloat(b.dtype) && (a.dim() === 0) !== (b.dim() === 0))
      return a.dim() === 0 ? b.dtype : a.dtype;
    return RANK[a.dtype] >= RANK[b.dtype] ? a.dtype : b.dtype;
  }
  if (isFloat(a.dtype)) return a.dtype;
  return Number.isInteger(b) ? 'int64' : 'float32';
}

/** A value as storage of this type takes it; the typed arrays round floats themselves. */
function cast(dtype: DType, value: number): number {
  return dtype === 'int64' ? Math.trunc(value) : dtype === 'bool' ? Number(value !== 0) : value;
}

// ————— storage —————

/** How many elements of storage a tensor reaches over. */
function endOf(shape: readonly number[], strides: readonly number[], offset: number): number {
  let last = offset;
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 0) return 0;
    last += (shape[d]! - 1) * strides[d]!;
  }
  return last + 1;
}

function blank<A extends Shape>(shape: readonly number[], dtype: DType): Tensor<A> {
  let count = 1;
  for (const length of shape) count *= length;
  return new Tensor<A>(allocate(dtype, count), shape, dtype);
}

/** A number as a tensor of no dimensions. */
export function scalarOf(value: number, dtype: DType): Tensor {
  const data = allocate(dtype, 1);
  data[0] = value;
  return new Tensor(data, [], dtype);
}

/** Room for what a function from floats to floats makes of `t`. */
function blankFloat<A extends Shape>(t: Tensor<A>): Tensor<A> {
  return blank(t.shape, isFloat(t.dtype) ? t.dtype : 'float32');
}

/** `t`, or a copy where writing to `target` would change elements of `t` that are still to be read. */
function apart(t: Tensor, target: Tensor): Tensor {
  if (t.data.buffer !== target.data.buffer || t === target) return t;
  return t.clone();
}

/** Copies values element by element, converting them. */
function assign(target: Tensor, source: Tensor): void {
  const { shape, dtype } = target;
  const ts = innerStride(target, shape);
  const ss = innerStride(source, shape);
  const strides = broadcastStrides(source.shape, source.strides, shape);
  eachRow(shape, [target.offset, source.offset, 0], [target.strides, strides, strides], (o, i, _, length) => {
    for (let k = 0; k < length; k++) target.data[o + k * ts] = cast(dtype, source.data[i + k * ss]!);
  });
}

/** The stride of the last dimension of `t`, seen broadcast to `shape`. */
function innerStride(t: Tensor, shape: readonly number[]): number {
  const length = t.shape[t.dim() - 1] ?? 1;
  return length === 1 && shape[shape.length - 1] !== 1 ? 0 : (t.strides[t.dim() - 1] ?? 0);
}

/** The same elements with dimension `d` moved to the end. */
function withLast(t: Tensor, d: number): Tensor {
  const moved = (list: readonly number[]) => [...list.slice(0, d), ...list.slice(d + 1), list[d]!];
  return new Tensor(t.data, moved(t.shape), t.dtype, moved(t.strides), t.offset);
}

// ————— how the operations run —————

function binary(operation: string, loop: BinaryLoop, a: Tensor, b: Tensor | number, outType?: DType): Tensor {
  wantsOperand(operation, b);
  if (loop === subLoop) wantsNumbers(operation, a, b);
  let dtype = promote(a, b);
  if (loop === divLoop && !isFloat(dtype)) dtype = 'float32';
  if (loop === powLoop && !isFloat(dtype) && (typeof b === 'number' ? b < 0 : b.elements().some(y => y < 0)))
    throw new ShapeError('pow: a negative power of whole numbers is no whole number. Convert them first with .float()');
  const shape = typeof b === 'number' || b.dim() === 0 ? a.shape : broadcastShapes(operation, a.shape, b.shape);
  // sums and products of bools are whole numbers at first: 1 + 1 is true
  const result = blank(shape, outType ?? (dtype === 'bool' ? 'int64' : dtype));
  run(loop, result, a.to(dtype), b, dtype);
  return outType === undefined ? result.to(dtype) : result;
}

function binaryInPlace(operation: string, loop: BinaryLoop, a: Tensor, b: Tensor | number): Tensor {
  wantsOperand(operation, b);
  wantsNumbers(operation, a);
  if (loop === subLoop) wantsNumbers(operation, b);
  const dtype = promote(a, b);
  const fraction = loop === divLoop || (loop === powLoop && typeof b === 'number' && b < 0);
  if ((isFloat(dtype) || fraction) && !isFloat(a.dtype)) {
    throw new ShapeError(
      `${operation}: a result of ${isFloat(dtype) ? dtype : 'float32'} does not fit into a tensor of ${a.dtype}. Convert it first with .float()`,
    );
  }
  if (typeof b !== 'number') {
    wantsBroadcastTo(operation, a, b);
    b = apart(b, a);
  }
  run(loop, a, a, b, a.dtype);
  return a;
}

/** result ← a ∘ b. a has `dtype`, and b is brought to it first, so that a loop meets one kind of storage at a time. */
function run(loop: BinaryLoop, result: Tensor, a: Tensor, b: Tensor | number, dtype: DType): void {
  b = typeof b === 'number' ? scalarOf(b, dtype) : b.to(dtype);
  const { shape } = result;
  const isDense = (t: Tensor) => sameShape(t.shape, shape) && t.isContiguous();
  const isScalar = b.numel() === 1;
  if (isDense(result) && isDense(a) && (isScalar || isDense(b))) {
    loop(result.data, result.offset, 1, a.data, a.offset, 1, b.data, b.offset, isScalar ? 0 : 1, result.numel());
    return;
  }
  const bs = innerStride(b, shape);
  const os = innerStride(result, shape);
  const as = innerStride(a, shape);
  const { data } = b;
  eachRow(
    shape,
    [result.offset, a.offset, b.offset],
    [result.strides, broadcastStrides(a.shape, a.strides, shape), broadcastStrides(b.shape, b.strides, shape)],
    (o, i, j, length) => loop(result.data, o, os, a.data, i, as, data, j, bs, length),
  );
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false;
  return true;
}

function wantsBroadcastTo(operation: string, a: Tensor, b: Tensor): void {
  if (!sameShape(broadcastShapes(operation, a.shape, b.shape), a.shape)) {
    throw new ShapeError(
      `${operation}: ${show(b.shape)} does not broadcast to ${show(a.shape)}, and an in-place result cannot grow`,
    );
  }
}

/** result ← f(t), element by element. */
function unary<A extends Shape>(f: (x: number) => number, t: Tensor<A>, result: Tensor<A>): Tensor<A> {
  const os = innerStride(result, result.shape);
  const is = innerStride(t, result.shape);
  const out = result.data;
  const data = t.data;
  eachRow(result.shape, [result.offset, t.offset, 0], [result.strides, t.strides, t.strides], (o, i, _, length) => {
    for (let k = 0; k < length; k++, o += os, i += is) out[o] = f(data[i]!);
  });
  return result;
}

function fillRandomly<A extends Shape>(
  operation: string,
  t: Tensor<A>,
  fill: (data: Float32Array | Float64Array) => void,
): Tensor<A> {
  wantsFloat(operation, t);
  const dense = t.isContiguous() ? t : blank<A>(t.shape, t.dtype);
  fill(dense.elements() as Float32Array | Float64Array);
  if (dense !== t) assign(t, dense);
  return t;
}

function scatterRows(target: Tensor, index: Tensor, source: Tensor | number): void {
  for (let i = 0; i < index.shape[0]!; i++) {
    const from = typeof source === 'number' ? source : source.select(0, i);
    if (index.dim() > 1) {
      scatterRows(target.select(0, i), index.select(0, i), from);
      continue;
    }
    const place = index.data[index.offset + i * index.strides[0]!]!;
    const value = typeof from === 'number' ? from : from.item();
    target.data[target.offset + place * target.strides[0]!] = cast(target.dtype, value);
  }
}

/** What a reduction does with `n` elements of `data` from `i` on, `s` apart. */
type Reduction = (data: Data, i: number, s: number, n: number) => number;

function reduce(
  operation: string,
  t: Tensor,
  dim: number | undefined,
  keepdim: boolean,
  dtype: DType,
  f: Reduction,
): Tensor {
  // torch lets a tensor of no dimensions be reduced along 0 and −1, as if it had one
  const whole = dim === undefined || (t.dim() === 0 && (dim === 0 || dim === -1));
  const along = whole ? t.contiguous().view(-1) : withLast(t, dimension(operation, dim, t.shape));
  const n = along.shape[along.dim() - 1]!;
  if (n === 0 && (operation === 'max' || operation === 'argmax')) {
    throw new ShapeError(`${operation}: no elements to choose from in a tensor of shape ${show(t.shape)}`);
  }
  const s = along.strides[along.dim() - 1]!;
  const shape = along.shape.slice(0, -1);
  const strides = along.strides.slice(0, -1);
  const result = blank(shape, dtype);
  const step = strides[strides.length - 1] ?? 0;
  eachRow(shape, [0, along.offset, 0], [result.strides, strides, strides], (o, i, _, length) => {
    for (let k = 0; k < length; k++) result.data[o + k] = f(along.data, i + k * step, s, n);
  });
  if (!keepdim) return result;
  return result.view(...t.shape.map((length, d) => (whole || d === dimension(operation, dim, t.shape) ? 1 : length)));
}

/** Sums are kept in double precision. */
function sumOf(data: Data, i: number, s: number, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++, i += s) sum += data[i]!;
  return sum;
}

function meanOf(data: Data, i: number, s: number, n: number): number {
  return sumOf(data, i, s, n) / n;
}

function stdOf(data: Data, i: number, s: number, n: number): number {
  const mean = meanOf(data, i, s, n);
  let squares = 0;
  for (let k = 0; k < n; k++, i += s) squares += (data[i]! - mean) * (data[i]! - mean);
  return Math.sqrt(squares / (n - 1));
}

function placeOfMax(data: Data, i: number, s: number, n: number): number {
  let best = data[i]!;
  let place = 0;
  for (let k = 1; k < n && best === best; k++) {
    const x = data[i + k * s]!;
    if (x > best || x !== x) {
      best = x;
      place = k;
    }
  }
  return place;
}
