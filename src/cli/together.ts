import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, Parameters, Problem } from '../engine/index.ts';
import type { OneHotData } from '../prologue/index.ts';
import { type Reduce, ranksEngine } from '../ranks/engine.ts';
import type { Launched } from '../ranks/launcher.ts';
import { handOut, partOf, partsOf } from '../ranks/parts.ts';
import { threadsOf } from '../ranks/processors.ts';
import { Ranks } from '../ranks/ranks.ts';
import { LonghandError } from '../tensor/index.ts';
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

/** A training of which every rank does its part. */
export interface Together {
  /** What there is of the data here: on rank 0 all that it has loaded, on the others their part. */
  readonly data: OneHotData;
  readonly engine: (problem: Problem, parameters: Parameters) => Promise<Engine>;
  /** Ends the training, on all ranks after the same step. */
  readonly stop: AbortSignal;
}

/** @param loaded the data, on rank 0 */
export async function trainingTogether(
  ranks: Ranks,
  loaded: OneHotData | undefined,
  {
    threads: wished,
    reduce = 'tree',
    stop,
    terminal,
  }: { threads: number | undefined; reduce: Reduce | undefined; stop: AbortSignal; terminal: Terminal },
): Promise<Together> {
  const { data, whole } = await handOut(ranks, loaded);
  const all = new AbortController();
  return {
    data,
    stop: all.signal,
    async engine(problem, parameters) {
      const { count, warnings } = await threadsOf(ranks, wished);
      if (ranks.rank === 0) for (const warning of warnings) terminal.warn(warning);
      const part = loaded === undefined ? problem : partOf(problem, partsOf(whole, ranks.size)[ranks.rank]!);
      return ranksEngine(ranks, part, parameters, {
        ...{ whole, threads: count, mustStart: wished !== undefined, reduce },
        wantsToStop: () => stop.aborted,
        // whoever was not asked is stopped by the one who was
        stop: () => all.abort(stop.aborted ? stop.reason : new InterruptedError('SIGTERM', by => `stopped by ${by}`)),
      });
    },
  };
}
