import type { StageName } from '../verdict.ts';

/**
 * A mistake that shows in the numbers: whoever makes it gets what one of `computes` gives. The formulas are in the
 * notation of `judge/expression.ts`. In a mistake of both layers # stands for the layer's number, and `input` for what
 * the layer is given: x or x1.
 */
export interface Mistake {
  readonly id: string;
  readonly stages: readonly StageName[];
  readonly computes: readonly string[];
  /** What to look for, after "… computes …; the formula says …". Names in braces become the learner's. */
  readonly says: string;
}

/** A mistake that shows in what the code does or looks like. What is in braces is filled in where it is found. */
export type Misconduct = Readonly<Record<string, string>>;
