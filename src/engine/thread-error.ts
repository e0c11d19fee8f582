import { LonghandError } from '../tensor/errors.ts';

/**
 * A thread of the engine threw. In a file of its own, because the public declarations must not lead to those of
 * threads.ts: they name WebAssembly's types, which a user's compiler need not know.
 */
export class ThreadError extends LonghandError {
  override name = 'ThreadError';
}
