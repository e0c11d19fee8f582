import type { Engine, Parameters, Problem } from '../../src/engine/engine.ts';
import { Plateau } from '../../src/plateau.ts';
import { PracticeError } from '../../src/practice/practice-engine.ts';
import type { OneHotData } from '../../src/prologue/load-data.ts';
import type { Checkpoint } from '../../src/run/checkpoint.ts';
import { checkpointOf } from '../../src/run/checkpoint-of.ts';
import { dataDigest } from '../../src/run/data-digest.ts';
import type { Settings } from '../../src/settings/table.ts';
import { type Place, prepareTraining, type Training } from '../../src/story.ts';
import { LonghandError } from '../../src/tensor/index.ts';
import { type StepReport, TrainingError, train } from '../../src/train.ts';
import { History } from './history.ts';
import { idleEngine, noSamples } from './no-samples.ts';
import type { Landmark } from './protocol.ts';

/** Where the practical's own run ends, in percent of the training samples. */
const LEARNED = 3.6;

/**
 * A training that can be taken step by step and gone back in. It stands after `step` steps; what it reports of a step is
 * the same whenever it is taken, for a step's result depends on nothing but where it begins.
 */
export class Session {
  readonly training: Training<OneHotData>;
  /** The first step that it can go back to. */
  readonly firstStep: number;
  /** Of the steps that were taken, in their order, the first of them `reports[0].step`. */
  readonly reports: StepReport[];
  readonly landmarks: Landmark[] = [];
  /** Why there is no step from `stoppedAt` on, where that is not for want of steps. */
  stopped: string | undefined;
  readonly #stoppedAt = { step: Infinity };
  readonly #history: History;
  readonly #plateau: Plateau | undefined;
  /** The steps that were looked at for landmarks. */
  #judged = 0;
  #step: number;
  #steps: AsyncGenerator<StepReport, void, void> | undefined;
  #settings: Settings;
  /** Of the data; computed where it is not known. */
  #dataDigest: string | undefined;

  private constructor(training: Training<OneHotData>, history: History, reports: StepReport[], place: Place) {
    this.training = training;
    this.firstStep = history.firstStep;
    this.reports = reports;
    this.#history = history;
    this.#settings = training.settings;
    this.#step = place.step;
    const { problem, engine } = training;
    const isWhole = reports.length === place.step && (reports[0]?.step ?? 0) === 0;
    if (isWhole && engine.trainCount > 0)
      this.#plateau = new Plateau(problem.trainTarget.pow(2).sum().item(), async () => {
        await this.goTo(this.#judged); // a log that is read again may be far behind
        return engine.responses('train');
      });
  }

  /** A training at its start; with an engine of another make where one is given, as that of a learner's functions. */
  static async begin(
    settings: Settings,
    data: OneHotData,
    threads: number | undefined,
    history = new History(),
    engine?: (problem: Problem, parameters: Parameters) => Promise<Engine>,
  ): Promise<Session> {
    const training = await prepareTraining(settings, data, { threads, ...(engine && { engine }) });
    const parameters = await training.engine.parameters();
    const place = { step: 0, parameters };
    history.keep(place);
    return new Session(training, history, [], place as Place);
  }

  /**
   * A run where it was saved. Where its seed leads to the same parameters the way there can be gone back, too; `reports`
   * are those of its log, which may be missing.
   */
  static async open(
    run: Checkpoint,
    reports: readonly StepReport[],
    data: OneHotData,
    threads: number | undefined,
    history = new History(),
  ): Promise<Session> {
    const settings = { ...run.settings, steps: run.steps } as Settings;
    if (settings.seed >= 0 && settings.engine === 'wasm' && run.step > 0) {
      const start = await prepareTraining(settings, data, { threads });
      history.keep({ step: 0, parameters: await start.engine.parameters() });
      await start.engine.dispose();
    }
    const training = await prepareTraining(settings, data, { threads, from: run });
    history.keep(run);
    const session = new Session(training, history, reports.slice(0, run.step), run);
    session.#dataDigest = run.dataDigest;
    for (const report of session.reports) await session.#judge(report);
    await session.goTo(run.step);
    return session;
  }

  /** A run whose data are not at hand, for this reason: it is looked into where it was saved, and not gone on with. */
  static async lookInto(run: Checkpoint, reports: readonly StepReport[], why: string): Promise<Session> {
    const settings = { ...run.settings, steps: run.steps } as Settings;
    const engine = async (_: Problem, parameters: Parameters) => idleEngine(parameters);
    const training = await prepareTraining(settings, noSamples(run), { from: run, engine });
    const history = new History();
    history.keep(run);
    const session = new Session(training, history, reports.slice(0, run.step), run);
    session.#dataDigest = run.dataDigest;
    session.stopped = why;
    session.#stoppedAt.step = run.step;
    return session;
  }

  /** The steps that were taken. */
  get step(): number {
    return this.#step;
  }

  get steps(): number {
    return this.#settings.steps;
  }

  /** How many steps are to be taken; those that were taken stay. */
  set steps(steps: number) {
    this.#settings = { ...this.#settings, steps };
    this.#steps = undefined;
  }

  get isOver(): boolean {
    return this.#step >= this.steps || this.#step >= this.#stoppedAt.step;
  }

  /** Takes the next step. Undefined where there is none. */
  async next(): Promise<StepReport | undefined> {
    if (this.isOver) return undefined;
    const { engine } = this.training;
    const { eta, steps } = this.#settings;
    this.#steps ??= train(engine, { steps, eta, firstStep: this.#step });
    try {
      const report = (await this.#steps.next()).value!;
      this.#step++;
      if (this.#history.wants(this.#step)) this.#history.keep(await this.#place());
      await this.#record(report);
      return report;
    } catch (error) {
      if (error instanceof PracticeError) await this.#stop(`step ${this.#step}: ${error.says}`);
      else if (error instanceof TrainingError) {
        this.landmarks.push({ step: this.#step, kind: 'not finite' });
        await this.#stop(error.message);
      } else throw error;
      return undefined;
    }
  }

  /**
   * Goes to the time after `step` steps: back, or forward again along the way that was gone, or on. After each step that
   * was never taken before `onNew` has a turn.
   */
  async goTo(step: number, signal?: AbortSignal, onNew?: () => Promise<void>): Promise<void> {
    const target = Math.max(this.firstStep, Math.min(step, this.steps));
    const snapshot = this.#history.upTo(target);
    if (target < this.#step || snapshot.step > this.#step) await this.#putAt(snapshot);
    while (this.#step < target && !signal?.aborted) {
      const known = this.reports.length;
      if ((await this.next()) === undefined) return;
      if (this.reports.length > known) await onNew?.();
    }
  }

  /** The sums of the gradients that the next step takes, and the parameters after it. It is taken back afterwards. */
  async lookAhead(): Promise<{ gradients: Parameters; after: Parameters }> {
    const { engine } = this.training;
    if (engine.trainCount === 0) throw new LonghandError(this.stopped!);
    const here = await this.#place();
    await engine.step(this.#settings.eta / engine.trainCount);
    const seen = { gradients: await engine.gradients(), after: await engine.parameters() };
    await this.#putAt(here);
    return seen;
  }

  /** What `longhand train --resume` goes on from. */
  async checkpoint(): Promise<Checkpoint> {
    const { training } = this;
    this.#dataDigest ??= await dataDigest(training.data);
    return checkpointOf({ ...training, settings: this.#settings }, this.#step, this.#dataDigest);
  }

  async dispose(): Promise<void> {
    await this.training.engine.dispose();
  }

  async #place(): Promise<{ step: number; parameters: Parameters }> {
    return { step: this.#step, parameters: await this.training.engine.parameters() };
  }

  async #putAt({ step, parameters }: { step: number; parameters: Parameters }): Promise<void> {
    await this.training.engine.setParameters(parameters);
    this.#step = step;
    this.#steps = undefined;
  }

  /** Loss or weights are no numbers any more, or there is no step at all: it stands where it last was. */
  async #stop(why: string): Promise<void> {
    this.stopped = why;
    this.#stoppedAt.step = this.#step;
    const here = this.#step;
    await this.#putAt(this.#history.upTo(here));
    await this.goTo(here);
  }

  async #record(report: StepReport): Promise<void> {
    const first = this.reports[0]?.step ?? report.step;
    if (report.step - first < this.reports.length) return; // it was taken before
    this.reports.push(report);
    await this.#judge(report);
  }

  /** Whether something happened in this step that is to be found again. */
  async #judge(report: StepReport): Promise<void> {
    this.#judged = report.step + 1;
    const standstill = await this.#plateau?.after(report);
    if (standstill !== undefined) this.landmarks.push({ step: report.step, kind: standstill });
    if (report.trainError <= LEARNED && !this.landmarks.some(({ kind }) => kind === 'learned'))
      this.landmarks.push({ step: report.step, kind: 'learned' });
  }
}
