import type { Engine, LargeProblem, Parameters, Problem } from './engine/engine.ts';
import { makeEngine } from './engine/engines.ts';
import { largeProblemOf, problemOf } from './problem.ts';
import type { OneHotData } from './prologue/index.ts';
import type { LargeData } from './prologue/large-data.ts';
import type { Settings } from './settings/table.ts';
import { defaultGenerator, type GeneratorState, manualSeed } from './tensor/index.ts';
import { initialParameters, type StepReport, train } from './train.ts';

/** A training that is ready for its first step. */
export interface Training<Data extends OneHotData | LargeData = OneHotData | LargeData> {
  readonly settings: Settings;
  readonly data: Data;
  readonly problem: ProblemOf<Data>;
  readonly engine: Engine;
  /** The number of its first step: how many were done before. */
  readonly firstStep: number;
}

type ProblemOf<Data> = Data extends LargeData ? LargeProblem : Problem;

/** Where a training goes on. A checkpoint is such a place. */
export interface Place {
  /** The steps done so far. */
  readonly step: number;
  readonly parameters: Parameters;
  readonly generator: GeneratorState;
}

/**
 * Who is told of a training as it goes on: a terminal, a page, whoever saves it. Each is told in turn, and the training
 * waits for what they promise; what one of them throws ends it.
 */
export interface Listener {
  /** Everything is ready, and the first step comes next. */
  begins?(training: Training): void | Promise<void>;
  /** A step is done. */
  step?(report: StepReport): void | Promise<void>;
  /** No other step comes. `done` were done in all, those before `firstStep` among them. */
  ends?(done: number): void | Promise<void>;
}

/**
 * Makes everything ready: seeds the default generator, draws the initial parameters and starts the engine, which whoever
 * prepared it must dispose of. From a `place`, generator and parameters are as they were there.
 */
export async function prepareTraining<Data extends OneHotData | LargeData>(
  settings: Settings,
  data: Data,
  {
    from,
    threads,
    engine: make = (problem, parameters) => makeEngine(settings.engine, problem, parameters, { threads }),
  }: {
    from?: Place | undefined;
    threads?: number | undefined;
    /** An engine of another make than those that the settings name. */
    engine?: ((problem: ProblemOf<Data>, parameters: Parameters) => Promise<Engine>) | undefined;
  } = {},
): Promise<Training<Data>> {
  const problem = ('digits' in data ? largeProblemOf(data, settings) : problemOf(data, settings)) as ProblemOf<Data>;
  if (from !== undefined) defaultGenerator.setState(from.generator);
  else if (settings.seed >= 0) manualSeed(settings.seed);
  const inputs = problem.testInput.size(1);
  const classes = problem.testTarget.size(1);
  const parameters =
    from?.parameters ?? initialParameters({ inputs, classes, hidden: settings.hidden }, settings.epsilon);
  const engine = await make(problem, parameters);
  return { settings, data, problem, engine, firstStep: from?.step ?? 0 };
}

/** Trains, and tells the listeners. Where the signal is aborted the training ends after the step that it is in. */
export async function tellTraining(
  training: Training,
  listeners: readonly Listener[],
  signal?: AbortSignal,
): Promise<void> {
  const { engine, firstStep, settings } = training;
  for (const listener of listeners) await listener.begins?.(training);
  let done = firstStep;
  for await (const report of train(engine, { steps: settings.steps, eta: settings.eta, firstStep })) {
    for (const listener of listeners) await listener.step?.(report);
    done = report.step + 1;
    if (signal?.aborted) break;
  }
  for (const listener of listeners) await listener.ends?.(done);
}
