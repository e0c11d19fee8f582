import type { Strided } from './strided.ts';

/**
 * The seam: while somebody watches, every operation of the tensor is first shown to them, and they say what it comes to.
 * So a program can be run otherwise than it is written, for many inputs at once, and no operation knows of it (src/batch
 * does that). What an operation does within itself, a view or a copy, is not shown.
 */
export interface Watcher {
  /** What `operation` of these operands comes to; `asItIs` computes it, of these or of others, as when nobody watches. */
  operation(name: string, operands: readonly unknown[], asItIs: (...operands: unknown[]) => unknown): unknown;
  /** A tensor that is made of none: by `zeros`, `tensor` and the like. */
  made(tensor: Strided, by: string): void;
}

let watcher: Watcher | undefined;

/** Runs `f` while `by` watches; undefined: while nobody does. */
export function watched<T>(by: Watcher | undefined, f: () => T): T {
  const outer = watcher;
  watcher = by;
  try {
    return f();
  } finally {
    watcher = outer;
  }
}

/** A method as an operation, whose first operand is the tensor itself. */
export function operation<M extends (this: never, ...operands: never[]) => unknown>(name: string, method: M): M {
  const f = method as unknown as (this: unknown, ...operands: unknown[]) => unknown;
  const asItIs = (self: unknown, ...operands: unknown[]) => f.apply(self, operands);
  const shown = function (this: unknown, ...operands: unknown[]): unknown {
    if (watcher === undefined) return f.apply(this, operands);
    const by = watcher;
    return watched(undefined, () => by.operation(name, [this, ...operands], asItIs));
  };
  Object.defineProperty(shown, 'name', { value: name }); // as stacks show it
  return shown as unknown as M;
}

/** A function as an operation. */
export function functionAsOperation<F extends (...operands: never[]) => unknown>(name: string, f: F): F {
  const method = operation(name, function (this: unknown, ...operands: unknown[]) {
    return (f as unknown as (...all: unknown[]) => unknown)(this, ...operands);
  });
  return ((first: unknown, ...operands: unknown[]) => method.apply(first, operands)) as unknown as F;
}

/** Shows a tensor that is made of none. */
export function made<T extends Strided>(tensor: T, name: string): T {
  const by = watcher;
  if (by !== undefined) watched(undefined, () => by.made(tensor, name));
  return tensor;
}
