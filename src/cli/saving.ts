import type { Engine } from '../engine/index.ts';
import type { DataSetName, OneHotData } from '../prologue/index.ts';
import type { Checkpoint, RunSettings } from '../run/checkpoint.ts';
import { dataDigest } from '../run/data-digest.ts';
import type { RunFolder } from '../run/run.ts';
import { defaultGenerator, LonghandError } from '../tensor/index.ts';
import type { StepReport } from '../train.ts';
import type { TrainOptions } from './train.ts';

/** Without `--every`: a step may take a millisecond or a minute, but nobody wants to lose much time or to notice. */
const SECONDS_BETWEEN_SAVES = 5;

interface Training {
  readonly options: TrainOptions;
  readonly dataset: DataSetName;
  readonly data: OneHotData;
  readonly engine: Engine;
  /** Where the run is continued from, if it is. */
  readonly from: Checkpoint | undefined;
}

/**
 * Saves a training into the folder of a run: told of each step, it adds a row to the log and saves when it is time to.
 *
 * @throws LonghandError where a run is continued with other data than it was trained on.
 */
export async function startSaving(
  run: RunFolder,
  { options, dataset, data, engine, from }: Training,
): Promise<{ note(report: StepReport): Promise<void>; save(): Promise<void> }> {
  const digest = await dataDigest(data);
  if (from !== undefined && from.dataDigest !== digest)
    throw new LonghandError(
      `train: the samples in ${data.source} have the SHA-256 ${digest}, those of the run in ${run.folder} had ` +
        `${from.dataDigest}. Point --data-dir at the data that it was trained on`,
    );
  const { full, tiny, engine: name, seed, hidden, eta, epsilon, zeta, targets } = options;
  const size = full ? 'full' : tiny ? 'tiny' : 'reduced';
  const settings: RunSettings = { dataset, size, engine: name, seed, hidden, eta, epsilon, zeta, targets };
  const checkpointAt = async (step: number): Promise<Checkpoint> => ({
    ...{ step, steps: options.steps, settings, dataDigest: digest },
    inputShape: dataset === 'cifar10' ? [3, 32, 32] : [1, 28, 28],
    classes: data.trainTarget.size(1),
    normalisation: { mean: data.mean, std: data.std },
    generator: defaultGenerator.getState(),
    parameters: await engine.parameters(),
  });

  let done = from?.step ?? 0;
  let saved: number | undefined;
  let savedAt = performance.now();
  await run.start(await checkpointAt(done));
  const save = async () => {
    await run.save(await checkpointAt(done));
    saved = done;
    savedAt = performance.now();
  };
  return {
    async note(report) {
      run.add(report);
      done = report.step + 1;
      const due =
        options.every === undefined
          ? performance.now() - savedAt > 1000 * SECONDS_BETWEEN_SAVES
          : done % options.every === 0;
      if (due) await save();
    },
    async save() {
      if (saved !== done) await save();
    },
  };
}
