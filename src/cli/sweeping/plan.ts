import type { OneHotData } from '../../prologue/index.ts';
import { dataDigest } from '../../run/data-digest.ts';
import type { SetSize, Settings } from '../../settings/table.ts';
import { type Choices, type Grid, gridOf, runsOf } from '../../sweep/grid.ts';
import { keyOf } from '../../sweep/record.ts';
import { type SharedData, sharedData } from '../../sweep/data-across-threads.ts';
import { workOf } from './countdown.ts';

/** All that a sweep is to train. */
export interface Plan {
  readonly grid: Grid;
  /** Row by row, and in a row seed by seed. */
  readonly runs: readonly PlannedRun[];
  readonly data: readonly SharedData[];
}

export interface PlannedRun {
  readonly settings: Settings;
  /** Which of the data it is trained on. */
  readonly data: number;
  /** What tells it from all others. */
  readonly key: string;
  /** How long it takes, compared with the others. */
  readonly work: number;
}

/** Loads the data that these choices want, each set once, and says what is to be trained on them. */
export async function planOf(
  choices: Choices,
  load: (dataset: Settings['dataset'], size: SetSize) => Promise<OneHotData>,
): Promise<Plan> {
  const sets: { dataset: string; size: string; digest: string; samples: number; shared: SharedData }[] = [];
  const datasets: Settings['dataset'][] = [];
  for (const asked of choices.dataset) {
    let dataset = asked;
    for (const size of choices.size) {
      const data = await load(asked, size);
      dataset = data.dataset as Settings['dataset']; // drawn digits, where it was not to be had
      const samples = data.trainInput.size(0) + data.testInput.size(0);
      sets.push({ dataset, size, digest: await dataDigest(data), samples, shared: sharedData(data) });
    }
    datasets.push(dataset);
  }
  const grid = gridOf({ ...choices, dataset: datasets });
  const planned = async ({ settings }: { settings: Settings }): Promise<PlannedRun> => {
    const data = sets.findIndex(({ dataset, size }) => dataset === settings.dataset && size === settings.size);
    const { digest, samples } = sets[data]!;
    return { settings, data, key: await keyOf(settings, digest), work: workOf(settings, samples) };
  };
  const runs: PlannedRun[] = [];
  for (const run of runsOf(grid)) runs.push(await planned(run));
  return { grid, runs, data: sets.map(({ shared }) => shared) };
}
