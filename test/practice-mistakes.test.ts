import { describe, expect, test } from 'vitest';
import { type Diagnosis, diagnose, forLayer, mistakes, type Observation } from '../src/practice/judge/diagnosis.ts';
import { Draws, type NetworkName } from '../src/practice/judge/draws.ts';
import { onItsWay } from '../src/practice/judge/examinee.ts';
import { evaluate, type Known, parse } from '../src/practice/judge/expression.ts';
import { type FormulaStage, formulas } from '../src/practice/judge/formulas.ts';
import { mistakesAnywhere } from '../src/practice/mistakes/anywhere.ts';

/** What is known in three draws where a stage begins, as the judge has it. */
function knownAt(stage: FormulaStage, draws: Draws): Known[] {
  if (stage === 'sigma' || stage === 'dsigma')
    return [[3], [], [4, 2], [2, 3, 5]].map(shape => ({ x: draws.normal(shape) }));
  if (stage === 'loss' || stage === 'dloss') {
    const drawn = [[3], [], [4, 2], [2, 3, 5]].map(shape => ({ v: draws.normal(shape), t: draws.normal(shape) }));
    return [...drawn, { v: draws.normal([4]).abs(), t: draws.normal([4]).abs() }];
  }
  const forward = ['w1', 'b1', 'w2', 'b2', 'x'];
  const values = ['s1', 'x1', 's2', 'x2'];
  const gradients = ['dl_dx2', 'dl_ds2', 'dl_dx1', 'dl_ds1'];
  const upTo = (list: string[]) => (list.includes(stage) ? list.slice(0, list.indexOf(stage)) : list);
  const names = values.includes(stage)
    ? [...forward, ...upTo(values)]
    : [...forward, 't', ...values, ...upTo(gradients)];
  return [0, 1, 2].map(() => {
    const network = draws.network(draws.lengths(3));
    return Object.fromEntries(names.map(name => [name, network[name as NetworkName]]));
  });
}

/** What is said of a learner whose stage computes this formula. */
function diagnosisOf(stage: FormulaStage, formula: string): Diagnosis {
  const observations = knownAt(stage, new Draws(1)).map((known): Observation => {
    const right = evaluate(formulas[stage], known);
    return { known, right, theirs: onItsWay(evaluate(parse(formula), { ...known, right })) };
  });
  return diagnose(stage, observations, { subject: 'It', verb: 'is', text: '', nameOf: name => name, nameless: [] });
}

const stages = Object.keys(formulas) as FormulaStage[];

describe('whoever computes a formula of the catalogue is told its mistake', () => {
  const cases = mistakes.flatMap(({ id, stages, computes }) =>
    (stages as FormulaStage[]).flatMap(stage =>
      computes.map(formula => [forLayer(id, stage), stage, forLayer(formula, stage)] as const),
    ),
  );
  test.each(cases)('%s at %s: %s', (id, stage, formula) => {
    const { mistake, says } = diagnosisOf(stage, formula);
    expect(mistake).toBe(id);
    expect(says).toMatch(/^It is .+; the formula says .+\. .+\.$/);
    expect(says).not.toMatch(/[{}#]|undefined/);
  });
});

test.each(mistakesAnywhere.map(({ id, computes }) => [id, computes] as const))(
  '%s is told at one stage at least',
  (id, computes) => {
    for (const formula of computes) {
      const told = stages.flatMap(stage => {
        try {
          return [diagnosisOf(stage, formula).mistake];
        } catch {
          return []; // there is no transpose of three dimensions
        }
      });
      expect(told).toContain(id);
    }
  },
);

test('what is right has no diagnosis to fear: no formula of the catalogue gives the right numbers', () => {
  for (const { stages: own, computes } of mistakes) {
    for (const stage of own as FormulaStage[]) {
      for (const formula of computes) {
        const same = knownAt(stage, new Draws(2)).every(known => {
          const right = evaluate(formulas[stage], known);
          try {
            const wrong = evaluate(parse(forLayer(formula, stage)), { ...known, right });
            return wrong.shape.join() === right.shape.join() && wrong.allclose(right, 1e-6);
          } catch {
            return false;
          }
        });
        expect(same, `${formula} at ${stage}`).toBe(false);
      }
    }
  }
});

test('what no entry explains is found by the search, and said as a formula', () => {
  expect(diagnosisOf('dl_ds1', 'dl_dx1 * dsigma(s1) * x1').says).toMatch(
    /^It is dl_dx1 ⊙ x1 ⊙ σ′\(s1\); the formula says dl_dx1 ⊙ σ′\(s1\)\./,
  );
  expect(diagnosisOf('s2', 'w2 @ x1 + 3 * b2').mistake).toBeNull();
  expect(diagnosisOf('dl_dw1', 'outer(dl_ds1 * x1, x)').mistake).toBe('another-formula');
  expect(diagnosisOf('loss', '7 * sum((v - t)^2)').mistake).toBe('another-formula');
});

test('where nothing explains it, what is known is said, and no more', () => {
  expect(diagnosisOf('s2', 'w2 @ x1 + 3 * b2 + norm(s1)').says).toMatch(
    /^It is not what the formula says, w2 x1 \+ b2\. First, at \[0\], yours is \S+ and right is \S+\./,
  );
});
