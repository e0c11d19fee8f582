import { Tensor } from '../tensor/index.ts';
import { Extremes } from '../tensor/reductions.ts';
import type { Strided } from '../tensor/strided.ts';

/**
 * The operations that a program asks for, one after the other: a word for each, with what it was given. A program that
 * looks at no number and keeps nothing from one call to the next asks for the same ones each time. One that does keep
 * something is known by this, as soon as it matters.
 */
export class Trace {
  readonly #expected = new Map<string, readonly string[]>();
  #words: string[] = [];
  #met = new Map<unknown, number>();

  /** Before the work on a sample. */
  begin(): void {
    this.#met = new Map();
  }

  /** Before one of its functions. */
  enter(): void {
    this.#words = [];
  }

  /** @returns whether such an operation came at this place of `f` the first time, too. */
  note(f: string, name: string, operands: readonly unknown[]): boolean {
    const word = `${name} ${operands.map(operand => this.#wordFor(operand)).join(' ')}`;
    const expected = this.#expected.get(f);
    this.#words.push(word);
    return expected === undefined || expected[this.#words.length - 1] === word;
  }

  /** The same of a tensor that is made of none; what it holds may be what was kept. */
  noteMade(f: string, by: string, tensor: Strided): boolean {
    const holds = /^(zeros|ones|empty)$/.test(by) ? '' : (tensor as Tensor).elements().join();
    const isSame = this.note(f, by, [tensor.shape.join(), tensor.dtype, holds]);
    this.meet(tensor);
    return isSame;
  }

  /** A tensor that the program has now: it is known by the order in which it came. */
  meet(made: unknown): void {
    if (made instanceof Tensor && !this.#met.has(made)) this.#met.set(made, this.#met.size);
  }

  /** The tensors in what an operation gave. */
  meetAll(result: unknown): void {
    if (result instanceof Tensor) this.meet(result);
    else if (result instanceof Extremes) for (const part of result) this.meet(part);
  }

  /** After the function. @returns whether it asked for as many operations as the first time, and gave the same of them. */
  leave(f: string, result: unknown): boolean {
    const given = (Array.isArray(result) ? result : [result]).filter(one => one instanceof Tensor);
    this.#words.push(`gives ${this.#wordFor(given)}`);
    const expected = this.#expected.get(f);
    if (expected === undefined) this.#expected.set(f, this.#words);
    return expected === undefined || (expected.length === this.#words.length && expected.at(-1) === this.#words.at(-1));
  }

  #wordFor(operand: unknown): string {
    if (operand instanceof Tensor) {
      const met = this.#met.get(operand);
      return met === undefined ? `outer${numberOf(operand)}` : `#${met}`;
    }
    if (Array.isArray(operand)) return `[${operand.map(one => this.#wordFor(one)).join(' ')}]`;
    return typeof operand === 'object' && operand !== null ? `outer${numberOf(operand)}` : String(operand);
  }
}

/** What came from outside of the program's functions, or from an earlier call, by numbers of its own. */
const numbers = new WeakMap<object, number>();
let count = 0;

function numberOf(thing: object): number {
  let number = numbers.get(thing);
  if (number === undefined) {
    number = count++;
    numbers.set(thing, number);
  }
  return number;
}
