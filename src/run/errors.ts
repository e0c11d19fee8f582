import { LonghandError } from '../tensor/index.ts';

/** A checkpoint is damaged, foreign, or does not go with what is wanted of it. */
export class CheckpointError extends LonghandError {
  override name = 'CheckpointError';
}

/** The folder of a run cannot be used: taken, not writable, or not a run. */
export class RunError extends LonghandError {
  override name = 'RunError';
}
