import { LonghandError } from '../tensor/index.ts';

/** Thrown where Ctrl-C ended what could not be finished. The command exits with {@link INTERRUPTED} then. */
export class InterruptedError extends LonghandError {
  override name = 'InterruptedError';
}

/** The exit code of what a shell ended by Ctrl-C: 128 and the number of the signal. */
export const INTERRUPTED = 130;

/** A signal that Ctrl-C gives, with an error that says this. */
export function untilCtrlC(message: string): AbortSignal {
  const abort = new AbortController();
  const onInterrupt = () => {
    abort.abort(new InterruptedError(message));
    // npm and some shells send one Ctrl-C twice; another one, a second later, ends the process at once
    setTimeout(() => process.off('SIGINT', onInterrupt), 1000).unref();
  };
  process.on('SIGINT', onInterrupt);
  return abort.signal;
}
