import { buildFor, bytesOf } from '../engine/compile.ts';
import * as joinable from '../engine/joinable.generated.ts';
import { DATA_AT } from '../engine/plan.generated.ts';
import * as separated from '../engine/separated.generated.ts';
import { v8 } from '../engine/v8.ts';

// kept from before a learner's code is there, for which neither of these exists
const { WebAssembly } = globalThis;
const build = { separated, joinable }[buildFor(v8())];

/** The functions that the kernels have: of each number the float32 that is nearest to the true value, nearly always. */
const nearest = { exp: 'nearestExp', tanh: 'nearestTanh', cosh: 'nearestCosh', sigmoid: 'nearestSigmoid' } as const;
export type KernelFunction = keyof typeof nearest;

/** The arithmetic that they have, of float32: the same bits as in JavaScript. */
const arithmetic = { add: 'add', sub: 'subtract', mul: 'multiply', div: 'divide' } as const;
export type KernelArithmetic = keyof typeof arithmetic;

type OfOne = Record<(typeof nearest)[KernelFunction], (x: number, vectors: number) => void>;
type OfTwo = Record<
  (typeof arithmetic)[KernelArithmetic],
  (x: number, xStep: number, y: number, yStep: number, out: number, vectors: number) => void
>;
interface Exports extends OfOne, OfTwo {
  gather(width: number, starts: number, rows: number, table: number, out: number, merges: number, stride: number): void;
  dense(
    width: number,
    x: number,
    strideI: number,
    strideK: number,
    rows: number,
    terms: number,
    table: number,
    out: number,
    merges: number,
    stride: number,
  ): void;
}

const PAGE = 65_536;

/** The kernels with a memory of their own, on one thread. */
export class KernelMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Exports;
  #end = DATA_AT;

  /** Undefined where there is no WebAssembly, or no memory for it. */
  static start(): KernelMemory | undefined {
    if (WebAssembly === undefined) return undefined;
    try {
      return new KernelMemory(new WebAssembly.Module(bytesOf(build, false)));
    } catch {
      return undefined; // a policy forbids it, or there are no addresses
    }
  }

  private constructor(module: WebAssembly.Module) {
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: PAGE });
    this.#exports = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as Exports;
  }

  /** The address of room for so many bytes, until it is given back. */
  take(bytes: number): number {
    const at = this.#end;
    this.#end += 64 * Math.ceil(bytes / 64);
    const missing = this.#end - this.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  /** What has been taken from `at` on is free again. */
  giveBack(at: number): void {
    this.#end = at;
  }

  /** It is another one after each `take`. */
  get buffer(): ArrayBufferLike {
    return this.#memory.buffer;
  }

  floats(at: number, count: number): Float32Array {
    return new Float32Array(this.buffer, at, count);
  }

  /** A function of each of these numbers. */
  each(f: KernelFunction, x: Float32Array, out: Float32Array): void {
    const vectors = Math.ceil(x.length / 4);
    const at = this.take(16 * vectors);
    this.floats(at, x.length).set(x);
    this.#exports[nearest[f]](at, vectors);
    out.set(this.floats(at, x.length));
    this.giveBack(at);
  }

  /** An operation on two operands; one that is shorter than the result is meant again and again. */
  both(operation: KernelArithmetic, x: Float32Array, y: Float32Array, out: Float32Array): void {
    const vectors = Math.ceil(out.length / 4);
    const at = this.take(3 * 16 * vectors);
    const [xAt, yAt] = [at + 16 * vectors, at + 32 * vectors];
    const [xStep, yStep] = [this.#spread(x, xAt, out.length), this.#spread(y, yAt, out.length)];
    this.#exports[arithmetic[operation]](xAt, xStep, yAt, yStep, at, vectors);
    out.set(this.floats(at, out.length));
    this.giveBack(at);
  }

  /** Writes an operand there; how far one vector of it lies from the next. */
  #spread(operand: Float32Array, at: number, count: number): number {
    if (operand.length === 1) {
      this.floats(at, 4).fill(operand[0]!);
      return 0;
    }
    const room = this.floats(at, count);
    for (let k = 0; k < count; k += operand.length) room.set(operand, k);
    return 16;
  }

  get gather(): Exports['gather'] {
    return this.#exports.gather;
  }

  get dense(): Exports['dense'] {
    return this.#exports.dense;
  }
}
