import { type Exercise, exercises, type Hints } from './exercises.ts';
import type { StageVerdict, Verdict } from './verdict.ts';

/** Where a learner stands with one exercise. */
export interface Standing {
  readonly passed: boolean;
  /** Those of the exercise. */
  readonly stages: readonly StageVerdict[];
  /** What is to be done now: the first that is wrong or not written, of an earlier exercise where this one waits for it. */
  readonly red: StageVerdict | undefined;
  /** Those of the exercise that wait. */
  readonly waiting: readonly StageVerdict[];
  /** Those of other exercises that are wrong: they do not hold this one up. */
  readonly elsewhere: readonly StageVerdict[];
}

export function standingOf({ stages }: Verdict, exercise: Exercise): Standing {
  const own = stages.filter(({ name }) => exercise.stages.some(stage => stage.name === name));
  const isRed = ({ verdict }: StageVerdict) => verdict === 'failed' || verdict === 'missing';
  const passed = own.length > 0 && own.every(({ verdict }) => verdict === 'passed');
  const red = passed ? undefined : (own.find(isRed) ?? stages.find(isRed));
  return {
    passed,
    stages: own,
    red,
    waiting: own.filter(({ verdict }) => verdict === 'waiting'),
    elsewhere: stages.filter(stage => stage.verdict === 'failed' && stage !== red && !own.includes(stage)),
  };
}

/** The exercise that a stage belongs to. */
export function exerciseOf({ name }: Pick<StageVerdict, 'name'>): Exercise {
  return exercises.find(({ stages }) => stages.some(stage => stage.name === name))!;
}

export function hintsFor(stage: Pick<StageVerdict, 'name'>): Hints {
  return exerciseOf(stage).stages.find(({ name }) => name === stage.name)!.hints;
}
