import { FileError } from '../platform/file-error.ts';
import { LonghandError } from '../tensor/index.ts';

/** A checkpoint is damaged, foreign, or does not go with what is wanted of it. */
export class CheckpointError extends LonghandError {
  override name = 'CheckpointError';
}

/** The folder of a run cannot be used: taken, not writable, or not a run. */
export class RunError extends LonghandError {
  override name = 'RunError';
}

/** What cannot be read or written there is an error of the run, whether `act` answers at once or later. */
export function inRun<T>(act: () => T): T {
  const fail = (error: unknown): never => {
    throw error instanceof FileError ? new RunError(error.message, { cause: error }) : error;
  };
  try {
    const answer = act();
    return answer instanceof Promise ? (answer.catch(fail) as T) : answer;
  } catch (error) {
    return fail(error);
  }
}
