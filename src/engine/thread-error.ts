import { LonghandError } from '../tensor/errors.ts';

/** A thread of the engine threw. */
export class ThreadError extends LonghandError {
  override name = 'ThreadError';
}
