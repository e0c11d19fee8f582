import { LonghandError } from '../../tensor/index.ts';
import { type StageName, type StageVerdict, stageNames } from '../verdict.ts';
import type { Graded } from './graded.ts';

/** The points of the stages that count: what is not named has none. */
export type Rubric = Readonly<Partial<Record<StageName, number>>>;

/** @throws LonghandError where the text is no rubric. */
export function rubricFrom(text: string): Rubric {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw new LonghandError('grade: the rubric is no JSON; it looks like { "sigma": 1, "dsigma": 2 }', { cause });
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new LonghandError('grade: the rubric is no object; it looks like { "sigma": 1, "dsigma": 2 }');
  for (const [name, points] of Object.entries(read)) {
    if (!(stageNames as readonly string[]).includes(name))
      throw new LonghandError(
        `grade: the rubric has '${name}', which is no stage; the stages are ${stageNames.join(', ')}`,
      );
    if (typeof points !== 'number' || !(points >= 0) || points > 1e6)
      throw new LonghandError(
        `grade: the rubric gives ${name} ${JSON.stringify(points)} points, and wants a number from 0 on`,
      );
  }
  if (!Object.values(read).some(points => points > 0))
    throw new LonghandError('grade: the rubric gives no stage a point');
  return read as Rubric;
}

/** The same result with a teacher's points. A stage that has none does not count, and one that is not there is missing. */
export function marked(graded: Graded, rubric: Rubric): Graded {
  if (graded.reason !== null) return graded;
  const counted = stageNames.filter(
    name => (rubric[name] ?? 0) > 0 || graded.stages.some(stage => stage.name === name),
  );
  const stages = counted.map((name): StageVerdict => {
    const says = 'There is no training in it.';
    const missing = {
      name,
      verdict: 'missing',
      points: 0,
      of: 1,
      mistake: null,
      says,
      file: null,
      line: null,
    } as const;
    return graded.stages.find(stage => stage.name === name) ?? missing;
  });
  const worth = new Map(stages.map(({ name }) => [name, rubric[name] ?? 0]));
  // where the code has no name for a value, its points are those of the value that it flows into, which has more than one
  for (const [i, { name, of }] of stages.entries()) {
    if (of > 0) continue;
    const into = stages.slice(i + 1).find(stage => stage.of > 1);
    if (into !== undefined) worth.set(into.name, worth.get(into.name)! + worth.get(name)!);
    worth.set(name, 0);
  }
  const withPoints = stages.map((stage): StageVerdict => {
    const of = worth.get(stage.name)!;
    return { ...stage, of, points: stage.verdict === 'passed' ? of : 0 };
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    ...graded,
    stages: withPoints,
    score: sum(withPoints.map(({ points }) => points)) / sum(withPoints.map(({ of }) => of)),
    passed: withPoints.every(({ verdict, name }) => verdict === 'passed' || (rubric[name] ?? 0) === 0),
  };
}
