import type { DType } from '../tensor/dtype.ts';
import { Tensor } from '../tensor/index.ts';
import { rowMajorStrides } from '../tensor/shape.ts';
import { allocate, type Data, ReusableStorage, reusingStorage } from '../tensor/storage.ts';
import { Again } from './again.ts';
import { Fixed } from './fixed.ts';
import { Many } from './many.ts';
import { Outer, type Pending, Running, Weighted } from './pending.ts';
import type { Products } from './products.ts';
import { Sum } from './sum.ts';
import { NotAtOnce, type WhyNot } from './why-not.ts';

/** What stands behind a tensor that the program sees. */
export type Behind = Many | Sum | Pending;

/** An operation as the rules get it. */
export interface Asked {
  readonly name: string;
  /** As the program gave them. */
  readonly operands: readonly unknown[];
  /** What stands behind them, and else what they are. */
  readonly behind: readonly unknown[];
  readonly asItIs: (...operands: unknown[]) => unknown;
}

/** What an operation comes to that is asked for once and meant for every sample; undefined: this rule does not know. */
export type Rule = (batch: Batch, asked: Asked) => unknown;

/** More numbers than this are not computed at once for what is to be summed at last. */
const MOST_NUMBERS = 2 ** 24;

/** Every tensor that stands for others, of whatever batch. */
const standIns = new WeakSet<object>();

/** Samples that are worked on at once: the tensors that stand for theirs, and all that the rules need to know of them. */
export class Batch {
  readonly samples: number;
  readonly products: Products;
  readonly fixed: Fixed = new Fixed();
  readonly again: Again = new Again(this.fixed);
  /** Why it cannot be done so. From then on nothing that comes of it may be used. */
  why: WhyNot | undefined;
  readonly #pool: Pool;
  readonly #place: () => string | undefined;
  readonly #behind = new WeakMap<object, Behind>();
  readonly #pending: Pending[] = [];
  /** The storage of the data set. */
  readonly #given = new Set<Data>();

  constructor(samples: number, products: Products, pool: Pool, place: () => string | undefined) {
    this.samples = samples;
    this.products = products;
    this.#pool = pool;
    this.#place = place;
    pool.startAgain();
  }

  /** A tensor that a program can hold in its hands, but not look into. */
  stand(behind: Behind): Tensor {
    const { shape } = behind;
    const known = behind instanceof Many ? behind.first : behind instanceof Sum ? behind.tensor : undefined;
    const tensor = Object.create(Tensor.prototype, {
      shape: { value: shape, enumerable: true },
      strides: { value: known?.strides ?? rowMajorStrides(shape), enumerable: true },
      offset: { get: () => this.stop(undefined, 'somebody asks where the numbers of a tensor lie'), enumerable: true },
      dtype: { value: known?.dtype ?? 'float32', enumerable: true },
      data: { get: () => this.stop(undefined, 'the numbers of a tensor are looked at'), enumerable: true },
    }) as Tensor;
    this.#behind.set(tensor, behind);
    standIns.add(tensor);
    if (behind instanceof Outer || behind instanceof Weighted || behind instanceof Running) this.#pending.push(behind);
    return tensor;
  }

  /** The same for rows of the data set, one a sample. */
  standForGiven(rows: Tensor): Tensor {
    this.#given.add(rows.data);
    return this.stand(Many.ofRows(rows));
  }

  /** What stands behind an operand, or the operand where it is what it is. */
  behind(operation: string, operand: unknown): unknown {
    if (typeof operand !== 'object' || operand === null) return operand;
    if (Array.isArray(operand)) return operand.map(one => this.behind(operation, one));
    const behind = this.#behind.get(operand);
    if (behind === undefined && standIns.has(operand)) this.stop(operation, 'is given what belongs to other samples');
    if (!(behind instanceof Outer || behind instanceof Weighted)) return behind ?? operand;
    if (behind.computed !== undefined) return behind.computed;
    if (behind.isOutdated) this.stop(operation, 'is given the product of what was changed since');
    return behind;
  }

  /** What an operation comes to. Of what was asked for before it is a copy, for either may be changed in place. */
  once({ name, behind }: Asked, compute: () => unknown): unknown {
    const called = this.again.nameFor(name, behind);
    const known = called === undefined ? undefined : this.again.resultOf(called);
    if (known !== undefined) return this.stand(this.#copyOf(known));
    const result = compute();
    const made = result instanceof Tensor ? this.#behind.get(result) : undefined;
    if (called !== undefined && made instanceof Many) this.again.keep(called, made, behind);
    return result;
  }

  #copyOf(many: Many): Many {
    const { shape, dtype } = many.first;
    const data = this.room(dtype, many.first.numel());
    data.set(many.rows().elements());
    const copy = Many.dense(this.samples, data, shape, dtype);
    this.again.isCopy(copy, many);
    return copy;
  }

  /** Storage for a tensor of each sample. */
  room(dtype: DType, count: number): Data {
    return this.pooled(() => allocate(dtype, this.samples * count));
  }

  /** Runs `f` so that what it makes lies where earlier batches had theirs. */
  pooled<T>(f: () => T): T {
    return reusingStorage(this.#pool, f);
  }

  /** Before something is written to: what is still pending was to see the old numbers. */
  changes(operation: string, { data, step }: Many): void {
    if (this.#given.has(data)) this.stop(operation, 'changes the data set');
    if (step === 0 && this.samples > 1) this.stop(operation, 'changes what is the same for all samples');
    for (const pending of this.#pending) {
      if (pending instanceof Outer && pending.isSeenOtherwise && pending.computed?.data === data)
        this.stop(operation, 'changes what is seen otherwise, too');
    }
    this.changesItsOwn(data);
  }

  /** The same of what the program has made itself, once for all samples. */
  changesItsOwn(data: Data): void {
    this.again.changes(data);
    for (const pending of this.#pending) pending.isOutdated ||= pending.isMadeOf(data);
  }

  // ————— what is pending, computed —————

  /** The numbers of what is pending; anything else as it is. */
  lookedAt(operation: string, one: unknown): unknown {
    if (Array.isArray(one)) return one.map(part => this.lookedAt(operation, part));
    // an operation may be given the same twice
    if ((one instanceof Outer || one instanceof Weighted) && one.computed !== undefined) return one.computed;
    if (one instanceof Outer) {
      const { u, v, factor } = one;
      this.bounded(operation, [u.first.unsqueeze(1), v.first]);
      const product = this.pooled(() => u.all().unsqueeze(2).mul(v.all().unsqueeze(1)) as Tensor);
      one.computed = Many.ofRows(factor === 1 ? product : product.mul_(factor));
      return one.computed;
    }
    if (one instanceof Weighted) {
      const { matrix, vector, along } = one;
      this.bounded(operation, [matrix]);
      one.computed = Many.ofRows(this.pooled(() => matrix.mul(vector.all().unsqueeze(2 - along) as never) as Tensor));
      return one.computed;
    }
    return one;
  }

  /** Refuses what would come to too many numbers, once tensors of these shapes have been broadcast to each other. */
  bounded(operation: string, given: readonly unknown[]): void {
    const lengths: number[] = [];
    for (const one of given) {
      if (!(one instanceof Tensor)) continue;
      for (let k = 1; k <= one.dim(); k++) lengths[k] = Math.max(lengths[k] ?? 1, one.shape[one.dim() - k]!);
    }
    const count = lengths.reduce((product, length) => product * length, this.samples);
    if (count > MOST_NUMBERS)
      this.stop(operation, `would come to ${count.toLocaleString('en-US')} numbers for ${this.samples} samples`);
  }

  stop(operation: string | undefined, says: string): never {
    this.why ??= { operation, says, place: this.#place() };
    throw new NotAtOnce(this.why);
  }
}

/** Storage that each batch has again. */
export class Pool extends ReusableStorage {
  override rewind(): void {} // not at every operation
  startAgain(): void {
    super.rewind();
  }
}
