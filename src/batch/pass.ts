import { Tensor } from '../tensor/index.ts';
import { type Watcher, watched } from '../tensor/seam.ts';
import type { Data } from '../tensor/storage.ts';
import type { Strided } from '../tensor/strided.ts';
import type { Asked, Batch } from './batch.ts';
import { Many } from './many.ts';
import { ruleFor } from './rules.ts';
import { Sum } from './sum.ts';
import type { Trace } from './trace.ts';
import { KEEPS, KEEPS_HERE, NotAtOnce } from './why-not.ts';

/**
 * A program's way through one batch: it is run once. The tensors that it is given stand for those of all samples, and
 * for each operation on them there is a rule. What is the same for all samples, weights and constants, is computed as
 * ever. Where something cannot be had so, `NotAtOnce` is thrown, and whatever the program does about that, in the end it
 * is thrown again.
 */
export class Pass implements Watcher {
  readonly #batch: Batch;
  readonly #trace: Trace;
  /** Storage of tensors that the program has made itself, the same for all samples. */
  readonly #own = new WeakSet<ArrayBufferLike>();
  #function = '';

  constructor(batch: Batch, trace: Trace) {
    this.#batch = batch;
    this.#trace = trace;
    trace.begin();
  }

  /** Calls one of the program's functions. */
  call<T>(name: string, f: () => T): T {
    this.#function = name;
    this.#trace.enter();
    const result = watched(this, f);
    const hasWritten = name !== 'loss' && this.#batch.fixed.restore(); // it is given none of them
    if (this.#batch.why !== undefined) throw new NotAtOnce(this.#batch.why);
    if (hasWritten) this.#batch.stop(undefined, 'the weights are written to');
    if (!this.#trace.leave(name, result)) this.#batch.stop(undefined, KEEPS);
    return result;
  }

  // ————— what it is given —————

  /** The same for all samples. */
  give(tensor: Tensor): Tensor {
    this.#batch.fixed.add(tensor);
    return this.#met(tensor);
  }

  /** A row of the data set for each sample. */
  giveRows(rows: Tensor): Tensor {
    return this.#met(this.#batch.standForGiven(rows));
  }

  /** What all samples add to. */
  giveSum(tensor: Tensor): Tensor {
    return this.#met(this.#batch.stand(new Sum(tensor)));
  }

  #met(tensor: Tensor): Tensor {
    this.#trace.meet(tensor);
    return tensor;
  }

  // ————— what it gives —————

  /** The tensor that a function gave for each sample. */
  manyOf(tensor: Tensor): Many {
    if (!(tensor instanceof Tensor)) return this.#batch.stop(undefined, 'a function gives no tensor');
    const one = this.#batch.lookedAt('', this.#batch.behind('', tensor));
    if (one instanceof Many) return one;
    if (one instanceof Tensor) return new Many(this.#batch.samples, one, 0);
    return this.#batch.stop(undefined, 'a function gives a sum');
  }

  /** The one number that it gave for each sample. */
  numbersOf(tensor: Tensor): Data {
    const many = this.manyOf(tensor);
    if (many.first.numel() !== 1) this.#batch.stop(undefined, 'a function gives several numbers where one is wanted');
    return many.rows().elements();
  }

  // ————— what it asks for in between —————

  operation(name: string, operands: readonly unknown[], asItIs: Asked['asItIs']): unknown {
    if (!this.#trace.note(this.#function, name, operands)) this.#batch.stop(name, KEEPS_HERE);
    const behind = operands.map(operand => this.#batch.behind(name, operand));
    const stands = behind.flat().some((one, i) => !Object.is(one, operands.flat()[i]));
    try {
      const asked = { name, operands, behind, asItIs };
      const compute = () => ruleFor(name, behind)(this.#batch, asked);
      const result = stands ? this.#batch.once(asked, compute) : this.#plainly(asked);
      this.#trace.meetAll(result);
      return result;
    } catch (error) {
      if (error instanceof NotAtOnce) throw error;
      // it fails sample by sample, too, and is told from there
      return this.#batch.stop(name, 'fails');
    }
  }

  made(tensor: Strided, by: string): void {
    if (!this.#trace.noteMade(this.#function, by, tensor)) this.#batch.stop(by, KEEPS_HERE);
    this.#own.add(tensor.data.buffer);
  }

  /** An operation on what is the same for all samples. */
  #plainly({ name, operands, asItIs }: Asked): unknown {
    const [first] = operands;
    if (name.endsWith('_') && first instanceof Tensor) {
      if (!this.#own.has(first.data.buffer)) this.#batch.stop(name, 'changes what is the same for all samples');
      this.#batch.changesItsOwn(first.data);
    }
    const result = asItIs(...operands);
    const known = operands.flat().map(operand => (operand instanceof Tensor ? operand.data.buffer : undefined));
    for (const one of result instanceof Tensor ? [result] : Object.values(result ?? {})) {
      if (one instanceof Tensor && !known.includes(one.data.buffer)) this.#own.add(one.data.buffer);
    }
    return result;
  }
}
