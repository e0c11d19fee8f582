import { type Curve, type Figures, figuresAfter, type Measure, measures, type Outcome } from './curve.ts';

/** What is wanted to be known of every run. */
export interface Questions {
  /** The figures after so many steps. */
  readonly at: readonly number[];
  /** When a measure first is no more than this. */
  readonly goals: readonly Goal[];
  /** The curve itself at some of its steps, as many as a picture shows. */
  readonly curves: boolean;
}

export interface Goal {
  readonly measure: Measure;
  readonly value: number;
}

/** What is kept of a run: a few numbers, however long it was, so that a sweep of thousands needs little memory. */
export interface Observed {
  readonly diverged?: string | undefined;
  readonly failed?: string | undefined;
  readonly end: Figures | undefined;
  /** For each of the steps that were asked for. */
  readonly at: readonly (Figures | undefined)[];
  /** For each goal the steps after which it was reached first. */
  readonly reached: readonly (number | undefined)[];
  /** At `shownSteps`, as far as the run came. */
  readonly curve?: Curve | undefined;
}

export function observe({ curve, diverged, failed }: Outcome, steps: number, questions: Questions): Observed {
  return {
    ...{ diverged, failed },
    end: figuresAfter(steps, curve),
    at: questions.at.map(after => figuresAfter(after, curve)),
    reached: questions.goals.map(({ measure, value }) => {
      const step = curve[measure].findIndex(x => x <= value);
      return step === -1 ? undefined : step + 1;
    }),
    curve: questions.curves ? thinned(curve, shownSteps(steps)) : undefined,
  };
}

/** More would not be seen. */
const MOST_SHOWN = 250;

/** The steps that a picture shows of a training: `3` is after three of them. The first and the last are among them. */
export function shownSteps(steps: number): number[] {
  const count = Math.min(steps, MOST_SHOWN);
  return Array.from({ length: count }, (_, i) => (count === 1 ? 1 : 1 + Math.round((i * (steps - 1)) / (count - 1))));
}

function thinned(curve: Curve, steps: readonly number[]): Curve {
  const shown = steps.filter(step => step <= curve.loss.length);
  const of = (measure: Measure) => [measure, shown.map(step => curve[measure][step - 1]!)];
  return Object.fromEntries(measures.map(of)) as unknown as Curve;
}
