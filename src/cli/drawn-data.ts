import { cores } from '#platform';
import type { EngineName } from '../engine/engines.ts';
import { layOut } from '../engine/layout.ts';
import { MOST_BYTES } from '../engine/memory.ts';
import { shardCount } from '../engine/split.ts';
import type { PackedSet } from '../prologue/drawn/packed-set.ts';
import { type LargeData, largeData, MOST_IN_TENSORS } from '../prologue/large-data.ts';
import { type OneHotData, preparedData, reducedNote } from '../prologue/load-data.ts';
import { sharesOf } from '../ranks/shares.ts';
import { type Settings, samplesOf } from '../settings/table.ts';
import { LonghandError } from '../tensor/index.ts';
import { drawnTogether } from './drawing.ts';
import { barBefore } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { writtenOver } from './written-over.ts';

/** Pixels of a digit that are not paper, on average: what the kernels' memory depends on. It was counted to 0.1. */
const INK = 150.3;

export interface DrawnDataOptions {
  /** Threads of this training; as many as cores unless asked otherwise. */
  readonly threads?: number | undefined;
  /** Where the helper file's lines go. */
  readonly log: (line: string) => void;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Drawn digits to train on, in any number: what `loadData` gives, or where they are too many for tensors the like of it. */
export async function drawnData({ size }: Settings, options: DrawnDataOptions): Promise<OneHotData | LargeData> {
  const { train, test } = await drawnSets({ size }, options);
  if (areLarge({ size })) return largeData(train, test);
  const given = { dataset: 'drawn', source: 'drawn', trainSet: train.unpacked(), testSet: test.unpacked() };
  return preparedData(given, { normalize: true, flatten: true, oneHotLabels: true }) as OneHotData;
}

/** Whether so many digits are too many for tensors. */
export const areLarge = ({ size }: Pick<Settings, 'size'>): boolean => samplesOf(size).train > MOST_IN_TENSORS;

/** The digits of either set, or some of them: those from `first` to before `end`. */
export async function drawnSets(
  { size }: Pick<Settings, 'size'>,
  { threads = cores(), log, terminal, signal }: DrawnDataOptions,
  some?: Readonly<Record<'train' | 'test', { readonly first: number; readonly end: number }>>,
): Promise<{ train: PackedSet; test: PackedSet }> {
  const { train, test } = samplesOf(size);
  log('* Using drawn digits');
  if (typeof size !== 'number' && size !== 'full') log(reducedNote(size));
  log(`** Use ${train} train and ${test} test samples`);
  const { train: trainRange, test: testRange } = some ?? {
    train: { first: 0, end: train },
    test: { first: 0, end: test },
  };
  const trainCount = trainRange.end - trainRange.first;
  const all = trainCount + testRange.end - testRange.first;
  const line = writtenOver();
  const draw = (set: 'train' | 'test', { first, end }: { first: number; end: number }, before: number) =>
    drawnTogether(set, end - first, {
      ...{ first, threads, signal },
      told: drawn => !terminal.quiet && line.show(columns => lineOf(before + drawn, all, columns), false),
    });
  try {
    return { train: await draw('train', trainRange, 0), test: await draw('test', testRange, trainCount) };
  } finally {
    line.clear();
  }
}

/** How many are drawn, on a line of `columns`. */
function lineOf(drawn: number, all: number, columns: number): string {
  const count = `${amount(drawn)} of ${amount(all)}`;
  return barBefore(columns, drawn / all, [`  drawing ${count} digits`, `  ${count}`]);
}

/**
 * Looks whether so many samples can be trained on, before any is made.
 *
 * @param by what shall train on them
 * @throws LonghandError where the kernels' memory has no room for them, or an engine takes tensors alone.
 */
export function mustFit(
  { size, hidden }: Settings,
  {
    operation,
    by,
    threads = cores(),
    ranks = 1,
  }: {
    operation: string;
    by: EngineName | 'practice';
    threads?: number | undefined;
    /** How many have a part of the samples each. */
    ranks?: number | undefined;
  },
): void {
  const { train, test } = samplesOf(size);
  if (train <= MOST_IN_TENSORS) return;
  if (by !== 'wasm')
    throw new LonghandError(
      `${operation}: ${by === 'practice' ? '--practice' : `--engine ${by}`} takes ${amount(MOST_IN_TENSORS)} samples at the most, and --samples is ${train}; take fewer`,
    );
  const bytesOf = (count: number): number =>
    layOut({
      ...{ hidden, inputs: 784, classes: 10, trainSamples: count, testSamples: test, errorBelow: 0, threads },
      kept: sharesOf(shardCount(count), ranks)[ranks - 1],
      sparse: { background: 0, train: Math.ceil((INK * count) / ranks), test: Math.ceil(INK * test) },
    }).bytes;
  const wanted = bytesOf(train);
  if (wanted <= MOST_BYTES) return;
  let [fit, most] = [0, train];
  while (most - fit > 1000) {
    const middle = 1000 * Math.floor((fit + most) / 2000);
    if (bytesOf(middle) <= MOST_BYTES) fit = middle;
    else most = middle;
  }
  throw new LonghandError(
    `${operation}: ${amount(train)} samples and ${hidden} hidden units want ${amount(Math.ceil(wanted / 1e6))} MB, more than the ` +
      `${amount(Math.floor(MOST_BYTES / 1e6))} MB that one process's kernels reach. ${amount(fit)} samples fit; of more, ` +
      `${ranks === 1 ? 'several' : 'more'} ranks (mpirun) hold a part each`,
  );
}

const amount = (count: number): string => count.toLocaleString('en-US');
