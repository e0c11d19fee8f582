import { constants } from 'node:os';
import { LonghandError } from '../tensor/index.ts';

/** Thrown where a signal of the system ended what could not be finished. The command then exits with `exitCode`. */
export class InterruptedError extends LonghandError {
  override name = 'InterruptedError';
  /** The signal as a person knows it: `Ctrl-C`, `SIGTERM`. */
  readonly by: string;
  /** That of what a shell ended by this signal: 128 and its number. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals, message: (by: string) => string) {
    const by = signal === 'SIGINT' ? 'Ctrl-C' : signal;
    super(message(by));
    this.by = by;
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Aborted by Ctrl-C, SIGTERM or SIGHUP, for the reason of an {@link InterruptedError} that says so. */
export function untilInterrupted(message: (by: string) => string): AbortSignal {
  const abort = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    abort.abort(new InterruptedError(signal, message));
    // npm and some shells send one Ctrl-C twice; another one, a second later, ends the process at once
    setTimeout(() => process.off(signal, onSignal), 1000).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return abort.signal;
}
