import { describe, expect, test } from 'vitest';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { forLayer, mistakes } from '../src/practice/judge/diagnosis.ts';
import { parse, replace } from '../src/practice/judge/expression.ts';
import { type FormulaStage, formulas } from '../src/practice/judge/formulas.ts';
import { judge } from '../src/practice/judge/judge.ts';
import { mistakesAnywhere } from '../src/practice/mistakes/anywhere.ts';
import { codeOf, solution } from './practice-solution.ts';

const verdictOn = (source: string, seed = 1) => judge({ 'mine.ts': source }, startInProcess, { seed });

describe('every formula of the catalogue, made by a learner, is named', () => {
  const cases = mistakes.flatMap(({ id, stages, computes }) =>
    (stages as FormulaStage[]).flatMap(stage =>
      computes.map(formula => [forLayer(id, stage), stage, forLayer(formula, stage)] as const),
    ),
  );
  test.each(cases)('%s at %s: %s', async (id, stage, formula) => {
    const { stages } = await verdictOn(solution({ [stage]: codeOf(formula) }));
    const wrong = stages.filter(({ verdict }) => verdict !== 'passed');
    if (process.env.SHOW) console.log(wrong.map(w => w.says).join('\n'));
    expect(wrong.map(({ name, mistake }) => `${mistake} at ${name}`)).toEqual([`${id} at ${stage}`]);
  });
});
