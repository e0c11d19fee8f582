import type { Listener, Training } from '../story.ts';
import { LonghandError } from '../tensor/index.ts';
import type { Checkpoint } from './checkpoint.ts';
import { checkpointOf } from './checkpoint-of.ts';
import { dataDigest } from './data-digest.ts';
import type { RunFolder } from './run.ts';

/** Without `--every`: a step may take a millisecond or a minute, but nobody wants to lose much time or to notice. */
const SECONDS_BETWEEN_SAVES = 5;

/**
 * Saves a training into the folder of a run: adds a row to the log at each step, and saves when it is time to and at
 * the end.
 *
 * @param every the number of steps between two saves; every few seconds unless asked otherwise
 * @param from where the run is continued from, if it is: with other data it ends in a `LonghandError`
 */
export function saving(run: RunFolder, every: number | undefined, from: Checkpoint | undefined): Listener {
  let training: Training;
  let digest: string;
  let done: number;
  let saved: number | undefined;
  let savedAt: number;

  const save = async () => {
    await run.save(await checkpointOf(training, done, digest));
    saved = done;
    savedAt = performance.now();
  };
  const isDue = () =>
    every === undefined ? performance.now() - savedAt > 1000 * SECONDS_BETWEEN_SAVES : done % every === 0;

  return {
    async begins(begun) {
      training = begun;
      done = training.firstStep;
      digest = await dataDigest(training.data);
      if (from !== undefined && from.dataDigest !== digest)
        throw new LonghandError(
          `train: the samples in ${training.data.source} have the SHA-256 ${digest}, those of the run in ${run.folder} ` +
            `had ${from.dataDigest}. Point --data-dir at the data that it was trained on`,
        );
      await run.start(await checkpointOf(training, done, digest));
      savedAt = performance.now();
    },
    async step(report) {
      run.add(report);
      done = report.step + 1;
      if (isDue()) await save();
    },
    async ends() {
      if (saved !== done) await save();
    },
  };
}
