import { nextTurn } from '#platform';
import { LogError, parseLog } from '../../src/compare/log.ts';
import type { Parameters } from '../../src/engine/engine.ts';
import { PracticeError } from '../../src/practice/practice-engine.ts';
import type { Sources } from '../../src/practice/protocol.ts';
import type { OneHotData } from '../../src/prologue/load-data.ts';
import { type Checkpoint, decodeCheckpoint } from '../../src/run/checkpoint.ts';
import { dataDigest } from '../../src/run/data-digest.ts';
import type { Settings } from '../../src/settings/table.ts';
import { LonghandError, type Tensor } from '../../src/tensor/index.ts';
import type { StepReport } from '../../src/train.ts';
import { fileOf } from './files.ts';
import type { OwnTraining } from './own.ts';
import type {
  About,
  Answers,
  FromTrainer,
  LandmarkKind,
  Moment,
  Numbers,
  Question,
  SavedRun,
  ToTrainer,
} from './protocol.ts';
import { Session } from './session.ts';
import { type Speed, speedAt } from './speed.ts';

/** Moments in a second, at most: more than are seen. */
const MOMENTS = 30;
/** Over how many milliseconds the pace is measured. */
const PACE_OVER = 500;
/** Steps that came late hurry for at most so many milliseconds. */
const MOST_LATE = 50;
/** The page takes so many reports at once without a stop that is felt. */
const MOST_REPORTS = 5000;

/**
 * The trainer in its thread: it does what the page wishes, one thing after the other, and shows what has come about as
 * often as the page can draw it. Where the page does not draw, as in a hidden tab, it trains on all the same.
 */
export class Trainer {
  readonly #post: (message: FromTrainer, transfer: ArrayBuffer[]) => void;
  readonly #load: (settings: Settings) => Promise<OneHotData>;
  /** A command to the engine, as tests give it; without one it finds how many help beside the page. */
  readonly #threads: number | undefined;

  #session: Session | undefined;
  /** The run that it was opened from. */
  #opened: string | undefined;
  /** The learner's files whose functions it trains; undefined where Longhand's own are trained. */
  #own: Sources | undefined;
  /** What else there is where a learner's functions train: Longhand's own beside them, and who follows a sample. */
  #ofOwn: OwnTraining | undefined;
  #frames: MessagePort | undefined;
  /** The latest of each wish: who drags a slider wants to be where it is let go. Single steps are counted. */
  #wish: { begin?: { settings: Settings; own?: Sources | undefined }; open?: SavedRun; goTo?: number; steps?: number } =
    {};
  readonly #questions: { id: number; question: Question }[] = [];
  #isPlaying = false;
  #until: LandmarkKind | undefined;
  #speed: Speed = { stepsPerSecond: Infinity, speedsUp: false };
  #wake: (() => void) | undefined;
  /** Ends what takes long, where something else is wished meanwhile. */
  #leave = new AbortController();

  /** Whether the page has drawn the moment that it was sent last. */
  #isDrawn = true;
  #isStale = false;
  #lastShown = -Infinity;
  #reported = 0;
  #arrived: number | undefined;
  #taken: number[] = [];
  /** When the next step is due. */
  #due = 0;

  constructor(
    post: (message: FromTrainer, transfer: ArrayBuffer[]) => void,
    load: (settings: Settings) => Promise<OneHotData>,
    threads?: number,
  ) {
    this.#post = post;
    this.#load = load;
    this.#threads = threads;
  }

  hear(message: ToTrainer): void {
    switch (message.kind) {
      case 'begin':
        this.#isPlaying = false;
        this.#wish = { begin: message };
        this.#leave.abort();
        break;
      case 'frames':
        this.#frames = message.port;
        break;
      case 'open':
        this.#isPlaying = false;
        this.#wish = { open: message.run };
        this.#leave.abort();
        break;
      case 'play':
        delete this.#wish.steps;
        this.#isPlaying = true;
        this.#until = message.until;
        this.#due = performance.now();
        break;
      case 'pause':
        this.#isPlaying = false;
        this.#isStale = true;
        delete this.#wish.goTo;
        delete this.#wish.steps;
        this.#leave.abort();
        break;
      case 'step':
        this.#isPlaying = false;
        this.#wish.steps = (this.#wish.steps ?? 0) + 1;
        break;
      case 'goTo':
        this.#isPlaying = false;
        this.#wish.goTo = message.step;
        this.#leave.abort();
        break;
      case 'speed':
        this.#speed = message.speed;
        this.#due = performance.now();
        break;
      case 'drawn':
        this.#isDrawn = true;
        break;
      case 'ask':
        this.#questions.push({ id: message.id, question: message.question });
        break;
    }
    this.#wake?.();
  }

  /** Works until the thread ends. */
  async work(): Promise<never> {
    for (;;) {
      this.#leave = new AbortController();
      const { begin, open, goTo, steps = 0 } = this.#wish;
      const question = this.#questions.shift();
      this.#wish = {};
      if (begin !== undefined) await this.#try(() => this.#begin(begin.settings, begin.own));
      else if (open !== undefined) await this.#try(() => this.#open(open));
      else if (this.#session !== undefined) {
        if (question !== undefined) await this.#answer(this.#session, question);
        if (goTo !== undefined) await this.#try(() => this.#goTo(this.#session!, goTo));
        else if (steps > 0) {
          if (steps > 1) this.#wish.steps = steps - 1;
          await this.#try(() => this.#step(this.#session!));
        } else if (this.#isPlaying) await this.#try(() => this.#play(this.#session!));
      } else if (question !== undefined)
        this.#post({ kind: 'failed', id: question.id, message: 'nothing is trained yet' }, []);
      await this.#show();
      await this.#rest();
    }
  }

  /** Gives messages a turn, and waits where there is nothing to do, or not yet. */
  async #rest(): Promise<void> {
    await nextTurn();
    const isBusy = Object.keys(this.#wish).length > 0 || this.#questions.length > 0;
    const mayShow = this.#isStale && this.#isDrawn;
    if (isBusy) return;
    const untilStep = this.#isPlaying ? this.#due - performance.now() : Infinity;
    const untilShown = mayShow ? this.#lastShown + 1000 / MOMENTS - performance.now() : Infinity;
    const wait = Math.min(untilStep, untilShown);
    if (wait <= 0) return;
    await new Promise<void>(resolve => {
      const timer = wait === Infinity ? undefined : setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  /** What fails is said, and what was there before stays. */
  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#isPlaying = false;
      this.#isStale = true;
      this.#post({ kind: 'refused', message: wordsOf(error) }, []);
    }
  }

  async #begin(settings: Settings, own: Sources | undefined): Promise<void> {
    const before = this.#session;
    const hasSamples = before !== undefined && before.training.engine.trainCount > 0;
    const areSame = hasSamples && areSameFiles(own, this.#own);
    if (areSame && before.steps !== settings.steps && differInStepsAlone(before.training.settings, settings)) {
      before.steps = settings.steps;
      if (this.#ofOwn !== undefined) this.#ofOwn.beside.steps = settings.steps;
      if (before.step > settings.steps) await before.goTo(settings.steps);
      this.#tellAbout(before, this.#opened);
      this.#ofOwn?.beside.tellAgain();
      return;
    }
    const data =
      hasSamples && haveSameData(before.training.settings, settings)
        ? before.training.data
        : await this.#load(settings);
    if (own === undefined) {
      await this.#replace(await Session.begin(settings, data, this.#threads), undefined);
      return;
    }
    const { beginOwn } = await import('./own.ts');
    const training = await beginOwn(own, settings, data, {
      frames: this.#frames!,
      threads: this.#threads,
      tell: news => this.#ofOwn === training && this.#post({ kind: 'beside', news }, []),
    });
    await this.#replace(training.session, undefined, own);
    this.#ofOwn = training;
    training.beside.work().catch(error => this.#post({ kind: 'refused', message: wordsOf(error) }, []));
  }

  async #open({ name, checkpoint, log }: SavedRun): Promise<void> {
    const run = await decodeCheckpoint(checkpoint, name);
    const [channels, rows, columns] = run.inputShape;
    if (channels !== 1 || rows !== 28 || columns !== 28)
      throw new LonghandError(
        `${name}: a network of images of ${run.inputShape.join(' × ')}; the lab shows 1 × 28 × 28`,
      );
    const reports = reportsIn(log, run.step);
    const data = await this.#dataOf(run);
    const session =
      typeof data === 'string'
        ? await Session.lookInto(run, reports, `${data}. The run can be looked into, and not gone on with`)
        : await Session.open(run, reports, data, this.#threads);
    await this.#replace(session, name);
  }

  /** The samples that a run was trained on, or why they cannot be had. */
  async #dataOf({ settings, dataDigest: wanted }: Checkpoint): Promise<OneHotData | string> {
    try {
      const data = await this.#load(settings as Settings);
      if ((await dataDigest(data)) === wanted) return data;
      return `The run was trained on other samples than those of ${settings.dataset} that are here`;
    } catch (error) {
      return wordsOf(error);
    }
  }

  async #replace(session: Session, opened: string | undefined, own?: Sources): Promise<void> {
    this.#ofOwn?.beside.end();
    await this.#ofOwn?.end();
    this.#ofOwn = undefined;
    await this.#session?.dispose();
    this.#session = session;
    this.#opened = opened;
    this.#own = own;
    this.#tellAbout(session, opened);
  }

  #tellAbout(session: Session, opened: string | undefined): void {
    this.#reported = 0;
    this.#arrived = undefined;
    this.#taken = [];
    this.#isStale = true;
    this.#isDrawn = true;
    this.#lastShown = -Infinity;
    const about = aboutOf(session, opened, this.#own);
    this.#post({ kind: 'begun', about }, [
      about.test.pixels.buffer as ArrayBuffer,
      about.test.labels.buffer as ArrayBuffer,
    ]);
  }

  async #goTo(session: Session, step: number): Promise<void> {
    this.#taken = [];
    // what was never seen is shown on the way
    await session.goTo(step, this.#leave.signal, async () => {
      this.#ofOwn?.beside.look(session.reports, session.isOver);
      this.#isStale = true;
      await this.#show(true);
    });
    this.#ofOwn?.beside.look(session.reports, session.isOver);
    this.#arrived = step;
    this.#isStale = true;
  }

  async #step(session: Session): Promise<void> {
    const report = await session.next();
    this.#ofOwn?.beside.look(session.reports, session.isOver);
    this.#isStale = true;
    if (report === undefined) this.#isPlaying = false;
    const now = performance.now();
    this.#taken = [...this.#taken.filter(time => now - time < PACE_OVER), now];
  }

  async #play(session: Session): Promise<void> {
    const now = performance.now();
    if (now < this.#due) return;
    const period = 1000 / speedAt(session.step, this.#speed);
    this.#due = Math.max(this.#due, now - Math.max(period, MOST_LATE)) + period;
    await this.#step(session);
    const goal = session.landmarks.find(({ kind }) => kind === this.#until);
    if (session.isOver || session.step - 1 === goal?.step) this.#isPlaying = false;
  }

  async #show(isOnItsWay: boolean = this.#isPlaying): Promise<void> {
    const session = this.#session;
    if (session === undefined || !this.#isStale || !this.#isDrawn) return;
    const now = performance.now();
    if (isOnItsWay && now - this.#lastShown < 1000 / MOMENTS) return;
    const moment = await momentOf(session);
    const reports = session.reports.slice(this.#reported, this.#reported + MOST_REPORTS);
    this.#reported += reports.length;
    this.#isStale = this.#reported < session.reports.length;
    this.#isDrawn = false;
    this.#lastShown = now;
    const { stopped, landmarks } = session;
    const news = {
      ...{ reports, landmarks: [...landmarks], stopped },
      ...{ isPlaying: this.#isPlaying, pace: this.#pace(), arrived: this.#arrived },
    };
    this.#post({ kind: 'moment', moment, news }, [...buffersOf(moment.parameters), moment.said.buffer as ArrayBuffer]);
  }

  #pace(): number | undefined {
    if (!this.#isPlaying || this.#taken.length < 2) return undefined;
    const first = this.#taken[0]!;
    return (1000 * (this.#taken.length - 1)) / (this.#taken.at(-1)! - first);
  }

  async #answer(session: Session, { id, question }: { id: number; question: Question }): Promise<void> {
    try {
      const value = await answerTo(session, question, this.#ofOwn);
      this.#post({ kind: 'answer', id, value }, []);
    } catch (error) {
      this.#post({ kind: 'failed', id, message: wordsOf(error) }, []);
    }
  }
}

/** The steps before a checkpoint, by its log; none where it is missing or no whole log. */
function reportsIn(log: string | undefined, step: number): readonly StepReport[] {
  if (log === undefined || step === 0) return [];
  try {
    return parseLog(log, 'the log').reports;
  } catch (error) {
    if (error instanceof LogError) return [];
    throw error;
  }
}

async function answerTo(
  session: Session,
  question: Question,
  ofOwn: OwnTraining | undefined,
): Promise<Answers[Question['about']]> {
  switch (question.about) {
    case 'sample': {
      const { data, problem, engine } = session.training;
      if (engine.trainCount === 0) throw new LonghandError(session.stopped!);
      const { set, index } = question;
      const [input, oneHot, targets] =
        set === 'train'
          ? [data.trainInput, data.trainTarget, problem.trainTarget]
          : [data.testInput, data.testTarget, problem.testTarget];
      const x = input.narrow(0, index, 1).elements().slice() as Float32Array;
      const target = targets.narrow(0, index, 1).elements().slice() as Float32Array;
      const label = oneHot.narrow(0, index, 1).argmax().item();
      return { x, target, pixels: pixelsOf(x, data.normalisation), label };
    }
    case 'misread': {
      const { data, engine } = session.training;
      const { set, after } = question;
      const labels = (set === 'train' ? data.trainTarget : data.testTarget).argmax(1).elements();
      const said = (await engine.responses(set)).argmax(1).elements();
      for (let i = 1; i <= labels.length; i++) {
        const index = (after + i) % labels.length;
        if (said[index] !== labels[index]) return { index };
      }
      return { index: undefined };
    }
    case 'next step': {
      const { gradients, after } = await session.lookAhead();
      return { step: session.step, gradients: numbersOf(gradients), after: numbersOf(after) };
    }
    case 'own way': {
      if (ofOwn === undefined) throw new LonghandError('it is Longhand’s own functions that train');
      return ofOwn.follow(question.network, question);
    }
    case 'own functions': {
      const { readyToTrain } = await import('./own.ts');
      try {
        readyToTrain(question.sources);
        return { says: undefined };
      } catch (error) {
        return { says: wordsOf(error) };
      }
    }
    case 'file':
      return fileOf(session, question.kind);
  }
}

function aboutOf(session: Session, opened: string | undefined, own: Sources | undefined): About {
  const { training, firstStep, steps } = session;
  const { settings, data, engine } = training;
  const { testInput, testTarget, inputShape, normalisation } = data;
  return {
    settings: { ...settings, steps },
    ...{ opened, own, firstStep, inputShape, normalisation },
    classes: testTarget.size(1),
    trainCount: engine.trainCount,
    test: {
      pixels: pixelsOf(testInput.elements() as Float32Array, normalisation),
      labels: Uint8Array.from(testTarget.argmax(1).elements()),
    },
  };
}

async function momentOf({ step, training: { engine } }: Session): Promise<Moment> {
  let said: Uint8Array;
  try {
    const responses = await engine.responses('test');
    said = Uint8Array.from(responses.argmax(1).elements());
  } catch (error) {
    if (!(error instanceof PracticeError)) throw error;
    said = new Uint8Array(); // a learner's functions that take them for nothing
  }
  return { step, parameters: numbersOf(await engine.parameters()), said };
}

const numbersOf = (parameters: Parameters): Numbers => {
  const copy = (tensor: Tensor<number[]>) => Float32Array.from(tensor.elements());
  const { w1, b1, w2, b2 } = parameters as unknown as Record<keyof Parameters, Tensor<number[]>>;
  return { w1: copy(w1), b1: copy(b1), w2: copy(w2), b2: copy(b2) };
};

const buffersOf = (numbers: Numbers): ArrayBuffer[] =>
  Object.values(numbers).map(({ buffer }) => buffer as ArrayBuffer);

/** The pixels, 0 … 255, that normalised inputs were made of. */
function pixelsOf(inputs: Float32Array, { mean, std }: { mean: number; std: number }): Uint8Array {
  return Uint8Array.from(inputs, x => Math.round(x * std + mean));
}

const haveSameData = (a: Settings, b: Settings): boolean => a.dataset === b.dataset && a.size === b.size;

const areSameFiles = (a: Sources | undefined, b: Sources | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

const differInStepsAlone = (a: Settings, b: Settings): boolean =>
  (Object.keys(a) as (keyof Settings)[]).every(name => name === 'steps' || a[name] === b[name]);

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
