import { describe, expect, test } from 'vitest';
import { Generator } from '../../src/index.ts';
import { startInProcess } from '../../src/practice/answerer/in-process.ts';
import { codeOf, solution } from '../../src/practice/as-written.ts';
import { forLayer, mistakes } from '../../src/practice/judge/diagnosis.ts';
import type { FormulaStage } from '../../src/practice/judge/formulas.ts';
import { judge } from '../../src/practice/judge/judge.ts';
import { edited, rightVariants } from '../practice-right.ts';

/** The draws of each that is right: others than those of the rest, so that in all they are over a thousand. */
const SEEDS = 30;

describe(`right, however unusual: accepted over ${SEEDS} seeds of its own, with never a word`, () => {
  const variants = rightVariants.map((variant, i) => ({ name: variant[0], variant, first: i * SEEDS }));
  test.each(variants)('$name', { timeout: 600_000 }, async ({ variant: [, ...edits], first }) => {
    const source = edited(edits);
    for (let seed = first; seed < first + SEEDS; seed++) {
      const { passed, score, stages } = await judge({ 'mine.ts': source }, startInProcess, { seed });
      expect(stages.filter(({ verdict, says }) => verdict !== 'passed' || says !== '')).toEqual([]);
      expect([passed, score]).toEqual([true, 1]);
    }
  });
});

const cases = mistakes.flatMap(({ id, stages, computes }) =>
  (stages as FormulaStage[]).flatMap(stage =>
    computes.map(formula => [forLayer(id, stage), stage, forLayer(formula, stage)] as const),
  ),
);

describe('every formula of the catalogue, written by a learner, gives one red line, and its name', () => {
  test.each(cases)('%s at %s: %s', async (id, stage, formula) => {
    const source = solution({ [stage]: codeOf(formula) });
    const { stages } = await judge({ 'mine.ts': source }, startInProcess, { seed: 1 });
    const wrong = stages.filter(({ verdict }) => verdict !== 'passed');
    expect(wrong.map(({ name, mistake }) => `${mistake} at ${name}`)).toEqual([`${id} at ${stage}`]);
  });
});

/** Names that say nothing: what a value is shows in what it is used for. */
function renamed(source: string): string {
  const names = { dlDx2: 'apple', dlDs2: 'pear', dlDx1: 'plum', dlDs1: 'fig' };
  return Object.entries(names).reduce((text, [name, other]) => text.replaceAll(name, other), source);
}

describe('the same in the backward pass where names say nothing', () => {
  // a value with the slope in it already is, without a name, the next one
  const another = ['dloss(x2, t) * dsigma(s2)', '(T(w2) @ dl_ds2) * dsigma(s1)'];
  const hidden = cases.filter(([, stage, formula]) => /^dl_d[xs]/.test(stage) && !another.includes(formula));
  test.each(hidden)('%s at %s: %s', async (id, stage, formula) => {
    const source = renamed(solution({ [stage]: codeOf(formula) }));
    const { stages } = await judge({ 'mine.ts': source }, startInProcess, { seed: 1 });
    const wrong = stages.filter(({ verdict }) => verdict === 'failed');
    expect(wrong.map(({ name, mistake }) => `${mistake} at ${name}`)).toEqual([`${id} at ${stage}`]);
  });
});

test('two mistakes at two stages give two red lines, with their names', { timeout: 600_000 }, async () => {
  const generator = new Generator(1);
  const passes = cases.filter(([, stage]) => /^([sx][12]|dl_.*)$/.test(stage));
  const one = () => passes[generator.word() % passes.length]!;
  for (let pair = 0; pair < 100; pair++) {
    const [a, b] = [one(), one()];
    if (a[1] === b[1]) continue;
    const source = solution({ [a[1]]: codeOf(a[2]), [b[1]]: codeOf(b[2]) });
    const { stages } = await judge({ 'mine.ts': source }, startInProcess, { seed: pair });
    const wrong = stages
      .filter(({ verdict }) => verdict !== 'passed')
      .map(({ name, mistake }) => `${mistake} at ${name}`);
    expect(wrong.sort(), `${a[2]} and ${b[2]}`).toEqual([`${a[0]} at ${a[1]}`, `${b[0]} at ${b[1]}`].sort());
  }
});
