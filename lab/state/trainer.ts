import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Sources } from '../../src/practice/protocol.ts';
import type { Settings } from '../../src/settings/table.ts';
import type { StepReport } from '../../src/train.ts';
import { frames } from '../own/frames.ts';
import type {
  About,
  Answers,
  FromTrainer,
  Landmark,
  LandmarkKind,
  Moment,
  Parting,
  Question,
  SavedRun,
  ToTrainer,
} from '../training/protocol.ts';
import { plainSpeed } from '../training/speed.ts';

/** The page's end of the trainer: what is known of it, as signals, and what may be asked of it. */

/** Undefined until the first training is ready. */
export const about: Signal<About | undefined> = signal(undefined);
/** What every panel shows. */
export const moment: Signal<Moment | undefined> = signal(undefined);
/** Of all steps that were taken, in their order; the list is the same one, longer. */
export const reports: Signal<{ readonly list: readonly StepReport[] }> = signal({ list: [] });
export const landmarks: Signal<readonly Landmark[]> = signal([]);
/** Beside a learner's functions: the steps of Longhand's own, as far as they are taken, and where the two part. */
export const reference: Signal<{ readonly list: readonly StepReport[] }> = signal({ list: [] });
export const parting: Signal<Parting | undefined> = signal(undefined);
/** Why their functions are run for one sample after the other, where they cannot be run for all at once. */
export const oneByOne: Signal<string | undefined> = signal(undefined);
/** The learner's files that the training, or the one that is being made ready, is of; undefined: Longhand's own functions. */
export const own: Signal<Sources | undefined> = signal(undefined);
export const isPlaying: Signal<boolean> = signal(false);
/** Steps a second. */
export const pace: Signal<number | undefined> = signal(undefined);
/** Why it does not go on, where that is not for want of steps. */
export const stopped: Signal<string | undefined> = signal(undefined);
/** Why the last wish was refused. */
export const refused: Signal<string | undefined> = signal(undefined);
/** What is being made ready. */
export const isPreparing: Signal<boolean> = signal(true);
/** Of what the trainer is to begin with, while that is made ready; a run by its name. */
export const preparing: Signal<Settings | string | undefined> = signal(undefined);
/** Steps a second that are asked for; infinite: as fast as it goes. */
export const speed: Signal<number> = signal(plainSpeed.stepsPerSecond);
/** Whether it goes faster and faster once the plateau is likely over. */
export const speedsUp: Signal<boolean> = signal(plainSpeed.speedsUp);
/** Where Play stops, if it comes past there; undefined: at the end. */
export const goal: Signal<LandmarkKind | undefined> = signal(undefined);
/** The step that was asked for, until the trainer is there. */
export const wanted: Signal<number | undefined> = signal(undefined);

/** The steps that were taken at the moment that is shown. */
export const step: ReadonlySignal<number> = computed(() => moment.value?.step ?? 0);
/** The last step before that moment, as the log has it; undefined at the start. */
export const report: ReadonlySignal<StepReport | undefined> = computed(() => {
  const { list } = reports.value;
  return list[step.value - 1 - (list[0]?.step ?? 0)];
});
/** The steps that were ever taken: up to there one can go without training anew. */
export const known: ReadonlySignal<number> = computed(() =>
  Math.max(step.value, (reports.value.list.at(-1)?.step ?? -1) + 1),
);
/** Whether there is no step after the moment that is shown: it is the last one, or the next came to NaN. */
export const isAtEnd: ReadonlySignal<boolean> = computed(() => {
  const notFinite = landmarks.value.find(({ kind }) => kind === 'not finite')?.step ?? Infinity;
  return about.value !== undefined && step.value >= Math.min(about.value.settings.steps, notFinite);
});
/** Whether it trains to a step that was asked for; where a learner's functions train, going back takes time, too. */
export const isOnItsWay: ReadonlySignal<boolean> = computed(
  () =>
    (wanted.value ?? 0) > known.value ||
    (about.value?.own !== undefined && wanted.value !== undefined && wanted.value !== step.value),
);

const worker = new Worker(new URL('../training/worker.ts', import.meta.url), { type: 'module' });
const asked = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
let questions = 0;
const list: StepReport[] = [];
const besides: StepReport[] = [];

const tell = (message: ToTrainer, ...ports: MessagePort[]): void => worker.postMessage(message, ports);

worker.onmessage = ({ data }: MessageEvent<FromTrainer>) => hear(data);
worker.onerror = event => {
  refused.value = `the trainer stopped: ${event.message ?? 'the browser refuses to start it'}. Load the page again`;
  isPreparing.value = false;
};

function hear(message: FromTrainer): void {
  switch (message.kind) {
    case 'begun':
      list.length = 0;
      besides.length = 0;
      batch(() => {
        about.value = message.about;
        own.value = message.about.own;
        reports.value = { list };
        reference.value = { list: besides };
        parting.value = undefined;
        oneByOne.value = undefined;
        landmarks.value = [];
        stopped.value = undefined;
        refused.value = undefined;
        wanted.value = undefined;
      });
      break;
    case 'moment':
      // the next one may come when this one is on the screen; also where a panel fails to draw it
      requestAnimationFrame(() => tell({ kind: 'drawn' }));
      for (const report of message.news.reports) list.push(report);
      batch(() => {
        const { news } = message;
        moment.value = message.moment;
        if (news.reports.length > 0) reports.value = { list };
        if (news.landmarks.length !== landmarks.value.length) landmarks.value = news.landmarks;
        isPlaying.value = news.isPlaying;
        pace.value = news.pace;
        stopped.value = news.stopped;
        isPreparing.value = false;
        preparing.value = undefined;
        if (message.moment.step === wanted.value || news.arrived === wanted.value) wanted.value = undefined;
      });
      break;
    case 'beside':
      besides.push(...message.news.reports);
      batch(() => {
        if (message.news.reports.length > 0) reference.value = { list: besides };
        parting.value = message.news.parting;
        oneByOne.value = message.news.oneByOne;
      });
      break;
    case 'refused':
      own.value = about.peek()?.own;
      refused.value = message.message;
      isPreparing.value = false;
      preparing.value = undefined;
      isPlaying.value = false;
      wanted.value = undefined;
      break;
    case 'answer':
      asked.get(message.id)?.resolve(message.value as never);
      asked.delete(message.id);
      break;
    case 'failed':
      asked.get(message.id)?.reject(new Error(message.message));
      asked.delete(message.id);
      break;
  }
}

/** Whether the trainer can have frames, in which a learner's code runs. */
let hasFrames = false;

/**
 * Begins anew with these settings, with Longhand's own functions or a learner's; where only the number of steps is
 * another, goes on with what there is. Where it was playing it plays on.
 */
export function begin(settings: Settings, files: Sources | undefined = own.peek()): void {
  if (files !== undefined && !hasFrames) {
    const { port1, port2 } = new MessageChannel();
    frames.serve(port1);
    frames.prepare();
    tell({ kind: 'frames', port: port2 }, port2);
    hasFrames = true;
  }
  own.value = files;
  isPreparing.value = true;
  preparing.value = settings;
  refused.value = undefined;
  tell({ kind: 'begin', settings, own: files });
  if (isPlaying.value) tellToPlay();
}

/** The start of the training that is shown, with the same initial weights. */
export function reset(): void {
  goTo(about.value?.firstStep ?? 0);
}

export function open(run: SavedRun): void {
  isPreparing.value = true;
  preparing.value = run.name;
  refused.value = undefined;
  tell({ kind: 'open', run });
}

const tellToPlay = (): void => tell(goal.value === undefined ? { kind: 'play' } : { kind: 'play', until: goal.value });

/** On from here or, at the end, from the start again; until the end, or until the goal. */
export function play(): void {
  if (isRefusedToGoOn()) return;
  isPlaying.value = true;
  wanted.value = undefined;
  if (isAtEnd.value) tell({ kind: 'goTo', step: about.value!.firstStep });
  tellToPlay();
}

/** A run whose samples are not here has this one moment: whoever wants another hears why. */
function isRefusedToGoOn(): boolean {
  refused.value = about.value?.trainCount === 0 ? stopped.value : undefined;
  return refused.value !== undefined;
}

export function pause(): void {
  isPlaying.value = false;
  wanted.value = undefined;
  tell({ kind: 'pause' });
}

export function takeStep(): void {
  if (!isRefusedToGoOn()) tell({ kind: 'step' });
}

/** Goes to the moment after so many steps, and trains up to there where it was never seen. */
export function goTo(step: number): void {
  if (isRefusedToGoOn()) return;
  isPlaying.value = false;
  wanted.value = Math.max(about.value?.firstStep ?? 0, Math.min(step, about.value?.settings.steps ?? step));
  tell({ kind: 'goTo', step: wanted.value });
}

export function setSpeed(stepsPerSecond: number, isToSpeedUp: boolean = speedsUp.value): void {
  speed.value = stepsPerSecond;
  speedsUp.value = isToSpeedUp;
  tell({ kind: 'speed', speed: { stepsPerSecond, speedsUp: isToSpeedUp } });
}

/** Asks something of the moment that is shown. */
export function ask<Q extends Question>(question: Q): Promise<Answers[Q['about']]> {
  const id = questions++;
  return new Promise((resolve, reject) => {
    asked.set(id, { resolve: resolve as (value: never) => void, reject });
    tell({ kind: 'ask', id, question });
  });
}
