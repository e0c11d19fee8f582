import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, LargeProblem, Parameters, Problem } from '../engine/engine.ts';
import { backgroundOfPixels, type Counted } from '../prologue/drawn/packed-set.ts';
import type { OneHotData } from '../prologue/index.ts';
import { type LargeData, largeData } from '../prologue/large-data.ts';
import { normalisedValues } from '../prologue/pixel-counts.ts';
import { type Reduce, ranksEngine } from '../ranks/engine.ts';
import type { Launched } from '../ranks/launcher.ts';
import { handOut, partOf, partsOf, testPartOf, type Whole } from '../ranks/parts.ts';
import { threadsOf } from '../ranks/processors.ts';
import { Ranks } from '../ranks/ranks.ts';
import { type Settings, samplesOf } from '../settings/table.ts';
import type { Listener } from '../story.ts';
import { LonghandError } from '../tensor/index.ts';
import { areLarge, drawnSets } from './drawn-data.ts';
import { InterruptedError } from './interrupt.ts';
import { Terminal } from './terminal.ts';

/** For how long, in ms, a rank that fails says nothing: what stops it mostly stops rank 0 as well. */
const HELD_BREATH = 2000;

/** Lets `act` be done by all ranks that a launcher has started, and ends all of them where one fails. */
export async function together(
  launched: Launched,
  { mpiLibrary, patience = 60, quiet }: { mpiLibrary?: string; patience?: number; quiet?: true },
  act: (ranks: Ranks) => Promise<void>,
): Promise<void> {
  writeWithoutWaiting();
  const libraries = mpiLibrary === undefined ? launched.libraries : [mpiLibrary];
  const ranks = await Ranks.join(launched, { libraries, patience }).catch(async error => {
    if (launched.isFirstHere) throw error;
    // what is not right here is not right for any process on this machine: one says so, before the launcher ends it
    await sleep(HELD_BREATH);
    process.exit(1);
  });
  // MPICH's launcher says which process has been killed, and ends the others before they can say which rank it was
  if (ranks.rank === 0 && launched.by === 'PMI_SIZE') new Terminal({ quiet: quiet === true }).note(ranks.processes);
  try {
    await act(ranks);
    await ranks.leave();
  } catch (error) {
    if (ranks.rank === 0 || !(error instanceof LonghandError)) throw error;
    // rank 0, if it fails too, says so now, and the launcher ends all others
    process.removeAllListeners('SIGTERM').once('SIGTERM', () => process.exit(1));
    await sleep(HELD_BREATH);
    throw new LonghandError(`${ranks.nameOf(ranks.rank)}: ${error.message}`, { cause: error });
  }
}

/** Says at the end how long rank 0 had to do with messages, and with waiting for those of others. */
function messageTime(ranks: Ranks, terminal: Terminal): Listener {
  let before: number;
  return {
    begins() {
      before = ranks.secondsInMessages;
    },
    ends: () => terminal.note(`of which ${(ranks.secondsInMessages - before).toFixed(3)} s in messages between ranks`),
  };
}

/**
 * Writes to the launcher without waiting for it: after Ctrl-C Open MPI's reads no more, and who waits for it to take
 * another line is killed before the run is saved.
 */
function writeWithoutWaiting(): void {
  for (const stream of [process.stdout, process.stderr])
    (stream as { _handle?: { setBlocking?: (isBlocking: boolean) => void } })._handle?.setBlocking?.(false);
}

/** A training of which every rank does its part. */
export interface Together {
  readonly listener: Listener;
  /** The data. Of the training samples a rank may have no more than its part; rank 0 has all that it must speak of. */
  readonly data: OneHotData | LargeData;
  readonly engine: (problem: Problem | LargeProblem, parameters: Parameters) => Promise<Engine>;
  /** Ends the training, on all ranks after the same step. */
  readonly stop: AbortSignal;
}

export interface TogetherOptions {
  /** Loads the data, on rank 0. */
  readonly load: () => Promise<OneHotData | LargeData>;
  readonly threads: number | undefined;
  readonly reduce: Reduce | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

export async function trainingTogether(ranks: Ranks, settings: Settings, options: TogetherOptions): Promise<Together> {
  const { load, threads: wished, reduce = 'tree', terminal, signal } = options;
  const { count: threads, warnings } = await threadsOf(ranks, wished);
  if (ranks.rank === 0) for (const warning of warnings) terminal.warn(warning);
  const { data, whole } =
    settings.dataset === 'drawn' && areLarge(settings)
      ? await drawnApart(ranks, settings, { threads, terminal, signal })
      : await handOut(ranks, ranks.rank === 0 ? ((await load()) as OneHotData) : undefined);
  const part = partsOf(whole, ranks.size)[ranks.rank]!;
  const own = (problem: Problem | LargeProblem): Problem | LargeProblem => {
    if (ranks.rank > 0) return problem;
    return 'digits' in data ? testPartOf(problem, part.test) : partOf(problem as Problem, part);
  };
  const all = new AbortController();
  return {
    data,
    stop: all.signal,
    listener: messageTime(ranks, terminal),
    engine: (problem, parameters) =>
      ranksEngine(ranks, own(problem), parameters, {
        ...{ whole, threads, mustStart: wished !== undefined, reduce },
        wantsToStop: () => signal.aborted,
        // whoever was not asked is stopped by the one who was
        stop: () =>
          all.abort(signal.aborted ? signal.reason : new InterruptedError('SIGTERM', by => `stopped by ${by}`)),
      }),
  };
}

/** Drawn digits by the million: each rank draws its own, and rank 0 all of those to test on. Counts travel, no digits. */
async function drawnApart(
  ranks: Ranks,
  settings: Settings,
  { threads, terminal, signal }: { threads: number; terminal: Terminal; signal: AbortSignal },
): Promise<{ data: LargeData; whole: Whole }> {
  const { train: trainCount, test: testCount } = samplesOf(settings.size);
  const { train, test } = partsOf({ trainCount, testCount }, ranks.size)[ranks.rank]!;
  const isFirst = ranks.rank === 0;
  const log = (line: string) => isFirst && terminal.print(line);
  const some = { train, test: isFirst ? { first: 0, end: testCount } : test };
  const own = await drawnSets(settings, { threads, log, terminal, signal }, some);
  const counts = await ranks.fromAll(countedOf(own.train));
  const all = {
    train: counts.reduce((a, b) => ({
      count: a.count + b.count,
      pixels: a.pixels.map((times, value) => times + b.pixels[value]!),
      classes: a.classes.map((times, label) => times + b.classes[label]!),
    })),
    test: await ranks.fromFirst(countedOf(own.test)),
  };
  const data = largeData(own.train, own.test, all);
  const { mean, std } = data.normalisation;
  const background = backgroundOfPixels(all.train, normalisedValues(mean, std))?.value;
  return { data, whole: { trainCount, testCount, background } };
}

const countedOf = ({ count, pixels, classes }: Counted): Counted => ({ count, pixels, classes });
