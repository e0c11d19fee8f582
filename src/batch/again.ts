import { Tensor } from '../tensor/index.ts';
import type { Data } from '../tensor/storage.ts';
import type { Fixed } from './fixed.ts';
import { Many } from './many.ts';

/**
 * What a batch knows already. A program says many things twice: it computes tanh(s) for the output and once more for its
 * derivative, or keeps a copy of what it was given. What is asked for again is copied, not computed; and a copy of the
 * data set's rows is as good as they are, so that the products need not take it for dense. Both hold until somebody
 * changes the numbers in place.
 */
export class Again {
  /** What operations gave, by their name and all that they were given. */
  readonly #results = new Map<string, { readonly many: Many; readonly state: number }>();
  /** Whose numbers lie in the storage of a copy. */
  readonly #copies = new Map<Data, Many>();
  /** A number for what each storage holds now; it is another one after a change. */
  readonly #states = new Map<Data, number>();
  #count = 0;

  /** Of what a program has made itself it could change a number unseen: only what is fixed is known to be the same. */
  readonly #fixed: Fixed;

  constructor(fixed: Fixed) {
    this.#fixed = fixed;
  }

  /** The name for an operation on these operands; undefined where it may come to something else the next time. */
  nameFor(operation: string, operands: readonly unknown[]): string | undefined {
    if (operation.endsWith('_')) return undefined;
    const words = operands.map(operand => this.#wordFor(operand));
    return words.includes(undefined) ? undefined : `${operation} ${words.join(' ')}`;
  }

  /** What this operation gave before, if it is unchanged. */
  resultOf(name: string): Many | undefined {
    const known = this.#results.get(name);
    return known !== undefined && this.#stateOf(known.many.data) === known.state ? known.many : undefined;
  }

  /** What an operation gave, if these are numbers of its own, sample after sample. */
  keep(name: string, many: Many, operands: readonly unknown[]): void {
    const isView = operands
      .flat()
      .some(one => (one instanceof Many || one instanceof Tensor) && one.data === many.data);
    if (!isView && isDense(many)) this.#results.set(name, { many, state: this.#stateOf(many.data) });
  }

  /** From now on the storage of `copy` holds the numbers of `many`, in their order. */
  isCopy(copy: Many, many: Many): void {
    if (isDense(copy) && copy.first.offset === 0 && isDense(many) && copy.first.dtype === many.first.dtype)
      this.#copies.set(copy.data, this.original(many));
  }

  /** The same numbers where they lay first. */
  original(many: Many): Many {
    const original = this.#copies.get(many.data);
    if (original === undefined || (many.step !== original.step && many.samples > 1)) return many;
    const { shape, dtype, strides, offset } = many.first;
    const first = new Tensor(original.data, shape, dtype, strides, original.first.offset + offset);
    return new Many(many.samples, first, many.step);
  }

  /** These numbers are changed in place. */
  changes(data: Data): void {
    this.#states.set(data, this.#count++);
    this.#copies.delete(data);
    for (const [copy, { data: original }] of this.#copies) if (original === data) this.#copies.delete(copy);
  }

  #stateOf(data: Data): number {
    const state = this.#states.get(data) ?? this.#count++;
    this.#states.set(data, state);
    return state;
  }

  #wordFor(operand: unknown): string | undefined {
    if (Array.isArray(operand)) {
      const words = operand.map(one => this.#wordFor(one));
      return words.includes(undefined) ? undefined : `[${words.join(' ')}]`;
    }
    if (operand instanceof Many) {
      const { first, step } = this.original(operand);
      return `${this.#wordForTensor(first)}+${step}`;
    }
    if (operand instanceof Tensor) {
      if (this.#fixed.has(operand)) return this.#fixed.isUnchanged(operand) ? this.#wordForTensor(operand) : undefined;
      return operand.numel() === 1 ? `${operand.shape}:${operand.dtype} ${inWord(operand.item())}` : undefined;
    }
    return typeof operand === 'object' || typeof operand === 'function' ? undefined : inWord(operand);
  }

  #wordForTensor({ data, dtype, shape, strides, offset }: Tensor): string {
    return `${this.#stateOf(data)}@${offset}:${dtype}:${shape}:${strides}`;
  }
}

const inWord = (one: unknown): string => (Object.is(one, -0) ? '-0' : `${typeof one} ${String(one)}`);

/** Whether its numbers lie one after the other, sample after sample. */
const isDense = (many: Many): boolean => many.all().isContiguous();
