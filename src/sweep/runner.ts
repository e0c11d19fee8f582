/** The thread in which the runs of a sweep are trained, one after the other. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { parseLog } from '../compare/log.ts';
import { readFile } from '../platform/files.ts';
import type { OneHotData } from '../prologue/index.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { RunError } from '../run/errors.ts';
import { RunFolder } from '../run/run.ts';
import { saving } from '../run/saving.ts';
import { type RunSettings, runSettingNames, type Settings } from '../settings/table.ts';
import { type Listener, prepareTraining, tellTraining } from '../story.ts';
import { TrainingError } from '../train.ts';
import { GrowingCurve, type Outcome } from './curve.ts';
import { dataOf, type SharedData } from './data-across-threads.ts';

/** What it is given at its start. */
export interface RunnerData {
  /** All data of the sweep. */
  readonly data: readonly SharedData[];
  /** How many threads work at a run. */
  readonly threads: number;
}

/** What it is asked to train, and then told: to stop where it is. */
export interface Order {
  readonly settings: Settings;
  /** Which of the data it is trained on. */
  readonly data: number;
  /** Where the run is saved, if it is. */
  readonly folder?: string | undefined;
}
export type ToRunner = Order | 'stop';

/** What it says: how many steps are done, now and then; what came of the run, or that it was stopped before its end. */
export type FromRunner = { readonly steps: number } | { readonly outcome: Outcome } | 'stopped';

const { data: shared, threads } = workerData as RunnerData;
const port = parentPort!;
const say = (message: FromRunner): void => port.postMessage(message);
const stop = new AbortController();

port.on('message', async (message: ToRunner) => {
  if (message === 'stop') stop.abort();
  else say(await trained(message));
});

async function trained({ settings, data, folder }: Order): Promise<FromRunner> {
  const curve = new GrowingCurve();
  let saved: Saved | undefined;
  try {
    saved = folder === undefined ? undefined : await openRun(folder, settings, curve);
    const training = await prepareTraining(settings, dataAt(data), { threads, from: saved?.from });
    const listeners: Listener[] = [{ step: report => curve.add(report) }, telling()];
    if (saved !== undefined) listeners.push(saving(saved.run, undefined, saved.from));
    try {
      await tellTraining(training, listeners, stop.signal);
    } finally {
      await training.engine.dispose();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { outcome: { curve, [error instanceof TrainingError ? 'diverged' : 'failed']: why } };
  } finally {
    saved?.run.close();
  }
  return curve.loss.length < settings.steps ? 'stopped' : { outcome: { curve } };
}

const tensors: OneHotData[] = [];

function dataAt(index: number): OneHotData {
  tensors[index] ??= dataOf(shared[index]!);
  return tensors[index];
}

const MS_BETWEEN_WORDS = 200;

function telling(): Listener {
  let told = performance.now();
  return {
    step({ step }) {
      if (performance.now() - told < MS_BETWEEN_WORDS) return;
      told = performance.now();
      say({ steps: step + 1 });
    },
  };
}

interface Saved {
  readonly run: RunFolder;
  /** Where it goes on, if it was begun before. */
  readonly from?: Checkpoint;
}

/** The folder of a run. Where it was begun before, the curve is told of the steps that are done. */
async function openRun(folder: string, settings: Settings, curve: GrowingCurve): Promise<Saved> {
  if (!existsSync(join(folder, 'checkpoint.safetensors'))) return { run: await RunFolder.create(folder) };
  const { run, checkpoint } = await RunFolder.resume(folder);
  try {
    mustBeOf(settings, checkpoint, folder);
    if (checkpoint.step > 0) {
      const log = join(folder, 'log.csv');
      const bytes = await readFile(log, 2 ** 28);
      const reports = bytes === undefined ? [] : parseLog(new TextDecoder().decode(bytes), log).reports;
      if (reports.length < checkpoint.step)
        throw new RunError(
          `${log}: lacks steps before ${checkpoint.step}. Move ${folder} away, and it is trained anew`,
        );
      for (const report of reports.slice(0, checkpoint.step)) curve.add(report);
    }
    return { run, from: checkpoint };
  } catch (error) {
    run.close();
    throw error;
  }
}

function mustBeOf(settings: Settings, checkpoint: Checkpoint, folder: string): void {
  const other = runSettingNames.find(name => checkpoint.settings[name] !== (settings as RunSettings)[name]);
  if (other === undefined && checkpoint.step <= settings.steps) return;
  const [has, wants] =
    other === undefined
      ? [`${checkpoint.step} steps done`, `${settings.steps}`]
      : [`${other} ${checkpoint.settings[other]}`, `${settings[other]}`];
  throw new RunError(
    `${folder}: holds a run with ${has}, where the sweep has ${wants}. Move it away, or choose another --out`,
  );
}
