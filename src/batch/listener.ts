import type { Practical } from '../six-functions.ts';
import { type Watcher, watched } from '../tensor/seam.ts';
import type { Strided } from '../tensor/strided.ts';
import type { Trace } from './trace.ts';
import { KEEPS, KEEPS_HERE, LOOKS, RANDOM, type WhyNot } from './why-not.ts';

/** What decides by numbers, or may. */
const looks = new Set(['item', 'tolist', 'elements', 'equal', 'allclose', 'toString']);
const draws = new Set(['normal_', 'uniform_', 'rand', 'randn', 'randperm']);

/**
 * Listens to the six functions while they work at single samples, and changes nothing: whether they do the same for each,
 * look at no number and draw none. A program of which this is true keeps nothing that would matter, and it is no harm to
 * call it for all samples at once.
 */
export class Listener implements Watcher {
  why: WhyNot | undefined;
  readonly #trace: Trace;
  readonly #place: () => string | undefined;
  #function = '';

  constructor(trace: Trace, place: () => string | undefined) {
    this.#trace = trace;
    this.#place = place;
  }

  /** The functions, listened to. */
  to(functions: Practical): Practical {
    const heard =
      (name: 'forwardPass' | 'loss' | 'backwardPass') =>
      (...args: unknown[]): unknown => {
        const f = functions[name] as unknown as (...args: unknown[]) => unknown;
        if (this.why !== undefined) return f(...args);
        if (name === 'forwardPass') this.#trace.begin();
        for (const arg of args) this.#trace.meet(arg);
        this.#function = name;
        this.#trace.enter();
        let result: unknown;
        try {
          result = watched(this, () => f(...args));
        } finally {
          if (!this.#trace.leave(name, result)) this.#note(undefined, KEEPS);
        }
        return result;
      };
    const listened = { forwardPass: heard('forwardPass'), loss: heard('loss'), backwardPass: heard('backwardPass') };
    return { ...functions, ...listened } as unknown as Practical;
  }

  operation(name: string, operands: readonly unknown[], asItIs: (...operands: unknown[]) => unknown): unknown {
    if (!this.#trace.note(this.#function, name, operands)) this.#note(name, KEEPS_HERE);
    if (looks.has(name)) this.#note(name, LOOKS);
    if (draws.has(name)) this.#note(name, RANDOM);
    const result = asItIs(...operands);
    this.#trace.meetAll(result);
    return result;
  }

  made(tensor: Strided, by: string): void {
    if (draws.has(by)) this.#note(by, RANDOM);
    if (!this.#trace.noteMade(this.#function, by, tensor)) this.#note(by, KEEPS_HERE);
  }

  #note(operation: string | undefined, says: string): void {
    this.why ??= { operation, says, place: this.#place() };
  }
}
