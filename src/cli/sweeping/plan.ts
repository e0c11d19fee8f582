import { catalogue } from '../../prologue/catalogue.ts';
import type { OneHotData } from '../../prologue/index.ts';
import { dataDigest } from '../../run/data-digest.ts';
import { defaults, type SetSize, type Settings, settingNames } from '../../settings/table.ts';
import { type SharedData, sharedData } from '../../sweep/data-across-threads.ts';
import { type Choices, type Grid, gridOf, inWords, runsOf } from '../../sweep/grid.ts';
import { keyOf } from '../../sweep/record.ts';
import { workOf } from './countdown.ts';

/** All that a sweep is to train. */
export interface Plan {
  readonly grid: Grid;
  /** Row by row, and in a row seed by seed. */
  readonly runs: readonly PlannedRun[];
  readonly data: readonly SharedData[];
  /** What is trained on, in words: for a picture. */
  readonly title: string;
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

/** Data that a part of the runs are trained on. */
interface DataSet {
  readonly settings: Pick<Settings, 'dataset' | 'size'>;
  readonly digest: string;
  readonly train: number;
  readonly test: number;
  readonly shared: SharedData;
}

/** Loads the data that these choices want, each set once, and says what is to be trained on them. */
export async function planOf(
  choices: Choices,
  load: (dataset: Settings['dataset'], size: SetSize) => Promise<OneHotData>,
): Promise<Plan> {
  const sets: DataSet[] = [];
  for (const asked of choices.dataset) {
    for (const size of choices.size) {
      const data = await load(asked, size);
      const dataset = data.dataset as Settings['dataset']; // drawn digits, where the one asked for was not to be had
      const [train, test] = [data.trainInput.size(0), data.testInput.size(0)];
      sets.push({ settings: { dataset, size }, digest: await dataDigest(data), train, test, shared: sharedData(data) });
    }
  }
  const dataset = [...new Set(sets.map(({ settings }) => settings.dataset))];
  const grid = gridOf({ ...choices, dataset });
  const runs: PlannedRun[] = [];
  for (const settings of runsOf(grid)) {
    const data = sets.findIndex(
      set => set.settings.dataset === settings.dataset && set.settings.size === settings.size,
    );
    const { digest, train, test } = sets[data]!;
    runs.push({ settings, data, key: await keyOf(settings, digest), work: workOf(settings, train + test) });
  }
  return { grid, runs, data: sets.map(({ shared }) => shared), title: titleOf(sets, grid) };
}

/** `MNIST, 1,000 training samples, hidden 50, eta 0.1`: what all runs have in common. */
function titleOf(sets: readonly DataSet[], { rows, varied }: Grid): string {
  const names = new Set(
    sets.map(({ settings: { dataset } }) => (dataset === 'drawn' ? 'drawn digits' : catalogue[dataset].title)),
  );
  const samples = new Set(sets.map(({ train }) => train.toLocaleString('en-US')));
  const settings = rows[0]!;
  const told = settingNames.filter(
    name =>
      !['dataset', 'size', 'seed', 'steps', ...varied].includes(name) &&
      (['hidden', 'eta'].includes(name) || settings[name] !== defaults[name]),
  );
  return [
    [...names].join(', '),
    `${[...samples].join(' or ')} training samples`,
    ...told.map(name => inWords(settings, [name])),
  ].join(', ');
}
