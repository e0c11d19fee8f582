import { nextTurn } from '#platform';
import { PartingWatch, type Reference, whatToLookAt, whereTheyPart } from '../../src/compare/beside.ts';
import { investigate, type Laboratory } from '../../src/compare/investigate.ts';
import { type Sizes, STEPS_BEFORE_THE_RISE } from '../../src/compare/parting.ts';
import { STEPS } from '../../src/compare/suspects.ts';
import type { StepReport } from '../../src/train.ts';
import type { BesideNews, Parting } from './protocol.ts';

/** The reference takes at most so many steps more than the learner's functions: they are slow, and may never come so far. */
const MOST_AHEAD = 1000;
/** How often the page is told, in milliseconds. */
const TOLD_EVERY = 100;
/** After so many steps the log is asked for the usual mistakes in what is printed, and after more for those in a step. */
const ASKED_AFTER = [10, STEPS] as const;

export interface Case {
  readonly sizes: Sizes;
  readonly classes: number;
  readonly zeta: number;
}

/**
 * Longhand's own functions in the thread of the trainer, while a learner's train in their frame: the page gets their
 * curve, is told where the two part, and what mistake that looks like.
 */
export class Beside {
  /** How many steps the training has. */
  steps: number;
  readonly #reference: Reference;
  readonly #watch: PartingWatch;
  readonly #case: Case;
  readonly #laboratory: Laboratory;
  readonly #tell: (news: BesideNews) => void;
  readonly #ended = new AbortController();
  #theirs: readonly StepReport[] = [];
  #goal = 0;
  #told = 0;
  #lastTold = -Infinity;
  #parting: Parting | undefined;
  /** How many of the times at which the log is asked are over. */
  #asked = 0;
  #wake: (() => void) | undefined;

  constructor(
    reference: Reference,
    steps: number,
    known: Case,
    laboratory: Omit<Laboratory, 'signal'>,
    tell: (news: BesideNews) => void,
  ) {
    this.steps = steps;
    this.#reference = reference;
    this.#watch = new PartingWatch(known.sizes);
    this.#case = known;
    this.#laboratory = { ...laboratory, signal: this.#ended.signal };
    this.#tell = tell;
  }

  /** Trains until it is ended, as far ahead as it is wanted. */
  async work(): Promise<void> {
    try {
      while (!this.#ended.signal.aborted) {
        const ahead = Math.min(this.steps, this.#theirs.length + MOST_AHEAD) + STEPS_BEFORE_THE_RISE;
        if (this.#reference.reports.length <= Math.max(this.#goal, ahead)) {
          await this.#reference.next();
          if (performance.now() - this.#lastTold > TOLD_EVERY) this.#news();
          await nextTurn();
        } else {
          this.#news();
          await new Promise<void>(resolve => (this.#wake = resolve));
        }
        this.#compare();
        await this.#ask();
      }
    } catch (error) {
      if (!this.#ended.signal.aborted) throw error;
    } finally {
      await this.#reference.dispose();
    }
  }

  /** The steps that the learner's functions have taken; the same list again, longer. `isOver`: no other comes. */
  look(theirs: readonly StepReport[], isOver: boolean): void {
    this.#theirs = theirs;
    this.#isOver = isOver;
    this.#wake?.();
  }
  #isOver = false;

  /** The page has forgotten what it was told: the same training was begun with another number of steps. */
  tellAgain(): void {
    this.#told = 0;
    this.#news();
  }

  /** Their functions are run for one sample after the other, and why. */
  sayOneByOne(says: string): void {
    this.#oneByOne = says;
    this.#news();
  }
  #oneByOne: string | undefined;

  end(): void {
    this.#ended.abort();
    this.#wake?.();
  }

  #compare(): void {
    if (this.#parting !== undefined) return;
    this.#goal = this.#watch.look(this.#theirs, this.#reference.reports) ?? 0;
    const { found } = this.#watch;
    if (found === undefined) return;
    const { step, isAmplified } = found;
    const [theirs, ours] = [this.#theirs[step]!, this.#reference.reports[step]!];
    this.#parting = isAmplified
      ? { step, isMistake: false, where: '', look: '', looksLike: [] }
      : {
          ...{ step, isMistake: true, looksLike: [] },
          where: whereTheyPart(theirs, ours),
          look: whatToLookAt(theirs, ours),
        };
    this.#news();
  }

  /** What mistake it looks like, as soon as there are steps enough to tell. */
  async #ask(): Promise<void> {
    if (this.#parting?.isMistake !== true || this.#parting.looksLike.length > 0) return;
    const wanted = ASKED_AFTER[this.#asked];
    const count = this.#theirs.length;
    if (wanted === undefined || (count < wanted && !(this.#isOver && count > 0))) return;
    this.#asked = count < wanted ? ASKED_AFTER.length : this.#asked + 1;
    const log = this.#theirs.slice(0, Math.max(wanted, this.#parting.step + 1));
    const known = { ...this.#case, log, reference: this.#reference.reports };
    const looksLike = await investigate(known, this.#laboratory);
    if (looksLike.length === 0) return;
    this.#parting = { ...this.#parting, looksLike };
    this.#news();
  }

  #news(): void {
    this.#lastTold = performance.now();
    const { reports } = this.#reference;
    const until = Math.min(this.steps, reports.length);
    const news = { reports: reports.slice(this.#told, until), parting: this.#parting, oneByOne: this.#oneByOne };
    this.#tell(news);
    this.#told = Math.max(this.#told, until);
  }
}
