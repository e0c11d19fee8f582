import { describe, expect, test } from 'vitest';
import { startInProcess } from '../../src/practice/answerer/in-process.ts';
import { forLayer, mistakes } from '../../src/practice/judge/diagnosis.ts';
import type { FormulaStage } from '../../src/practice/judge/formulas.ts';
import { judge } from '../../src/practice/judge/judge.ts';
import { edited, type RightVariant, rightVariants } from '../practice-right.ts';
import { codeOf, solution } from '../practice-solution.ts';

describe('right, however unusual: accepted over 200 seeds, with never a word', () => {
  test.each<RightVariant>(rightVariants)('%s', { timeout: 600_000 }, async (...[, ...edits]: RightVariant) => {
    const source = edited(edits);
    for (let seed = 0; seed < 200; seed++) {
      const { passed, score, stages } = await judge({ 'mine.ts': source }, startInProcess, { seed });
      expect(stages.filter(({ verdict, says }) => verdict !== 'passed' || says !== '')).toEqual([]);
      expect([passed, score]).toEqual([true, 1]);
    }
  });
});

describe('every formula of the catalogue, written by a learner, gives one red line, and its name', () => {
  const cases = mistakes.flatMap(({ id, stages, computes }) =>
    (stages as FormulaStage[]).flatMap(stage =>
      computes.map(formula => [forLayer(id, stage), stage, forLayer(formula, stage)] as const),
    ),
  );
  test.each(cases)('%s at %s: %s', async (id, stage, formula) => {
    const source = solution({ [stage]: codeOf(formula) });
    const { stages } = await judge({ 'mine.ts': source }, startInProcess, { seed: 1 });
    const wrong = stages.filter(({ verdict }) => verdict !== 'passed');
    expect(wrong.map(({ name, mistake }) => `${mistake} at ${name}`)).toEqual([`${id} at ${stage}`]);
  });
});
