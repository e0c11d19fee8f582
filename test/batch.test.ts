import { describe, expect, vi } from 'vitest';
import { Batch, Pool, type Rule } from '../src/batch/batch.ts';
import { Many } from '../src/batch/many.ts';
import { Products } from '../src/batch/products.ts';
import { ruleFor } from '../src/batch/rules.ts';
import type { Sum } from '../src/batch/sum.ts';
import { batchEngine, type Engine, type Practical, sampleEngine } from '../src/index.ts';
import * as ours from '../src/practical.ts';
import { type Tensor, tensor, where } from '../src/tensor/index.ts';
import { bothWays, expectSame, madeParameters, madeProblem, ofFunctions, ofSource } from './at-once.ts';
import { oneIn, test } from './one-in.ts';
import { mistakenWork, rightWork } from './practice-suite.ts';

// One program for one sample, run for all samples at once: the numbers are those of the loop over single samples, or it
// is that loop. All of the suite is tried in test/long.

/** A rule that is put in place of the one for sums, where a test plants a fault. */
let planted: ((rule: Rule) => Rule) | undefined;
vi.mock(import('../src/batch/sum-rules.ts'), async original => {
  const { sumRule } = await original();
  return { sumRule: (batch, asked) => (planted?.(sumRule) ?? sumRule)(batch, asked) };
});

describe('the suite of learners’ work', () => {
  test.each(oneIn(4, rightWork))('right: $name', async ({ name, source }) => {
    const both = await bothWays(ofSource(source)!, { steps: 10 });
    await expectSame(both);
    if (name !== '38-a-gradient-kept-for-later.ts') expect(both.whyNot).toBeUndefined();
  });

  test.each(oneIn(12, mistakenWork))('mistaken: $name', async ({ source }) => {
    const fresh = ofSource(source);
    if (fresh !== undefined) await expectSame(await bothWays(fresh, { steps: 10 }));
  });
});

/** The practical's functions, of which the backward pass leaves b2's gradient otherwise. */
const leaving = (leave: (sum: Summed, share: Summed) => unknown): Practical => ({
  ...ours,
  backwardPass: (...args) => {
    const [, , , , t, , , , s2, x2, , , , dlDb2] = args;
    ours.backwardPass(...args);
    leave(dlDb2 as Summed, ours.dloss(x2, t).mul(ours.dsigma(s2)) as Summed);
  },
});

type Summed = Tensor<[number]>;

describe('many into one', () => {
  test.each<[name: string, leave: (sum: Summed, share: Summed) => unknown]>([
    ['what is copied is the last sample’s', (sum, share) => sum.copy_(share)],
    ['what is added after it was zeroed is the last sample’s', (sum, share) => sum.zero_().add_(share)],
    ['what is added before is gone', (sum, share) => sum.add_(share).copy_(share.mul(3)).sub_(share)],
    ['the sum with a share, copied back, is the sum', (sum, share) => sum.copy_(sum.add(share))],
  ])('%s', async (_, leave) => {
    const both = await bothWays(ofFunctions(leaving(leave)), { steps: 10 });
    expect(both.whyNot).toBeUndefined();
    await expectSame(both);
  });

  test('a sum that is read is not run so', async () => {
    const both = await bothWays(ofFunctions(leaving(sum => sum.add_(sum.mul(0.5)))), { steps: 3 });
    expect(both.whyNot).toMatch(/batch\.test\.ts:\d+: mul reads a sum to which other samples add, so the samples are/);
    await expectSame(both);
  });
});

/** What a program makes of b2 does not show in the first step: it begins at 0. */
const begunAtZero = (classes: number) => {
  const parameters = madeParameters({ classes });
  parameters.b1.zero_();
  parameters.b2.zero_();
  return parameters;
};
type Passing = (w1: Tensor<[number, number]>, b1: Summed, x: Summed, b2: Summed) => Summed;
const passing = (preActivation: Passing): Practical => ({
  ...ours,
  forwardPass: (w1, b1, w2, b2, x) => {
    const s1 = preActivation(w1 as never, b1 as never, x as never, b2 as never) as unknown as typeof b1;
    const x1 = ours.sigma(s1);
    const s2 = w2.mv(x1).add(b2);
    return [x, s1, x1, s2, ours.sigma(s2)];
  },
});

// each of these was kind once, and silent: at the first step nothing of it shows
describe('what shows only later', () => {
  const strange: [name: string, functions: Practical, classes?: number, whyNot?: RegExp][] = [
    ['NaN as an operand', passing((w1, b1, x) => w1.mv(x).add(where(b1.gt(100), NaN, b1)))],
    [
      'the loss is changed afterwards',
      {
        ...ours,
        loss: v => v as never,
        backwardPass: (w1, b1, w2, b2, t, x, s1, x1, s2, x2, ...sums) => {
          ours.backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, ...sums);
          x2.add_(b2);
        },
      },
      1,
    ],
    [
      'a share is changed before it is put in place',
      {
        ...ours,
        backwardPass: (w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, ...sums) => {
          ours.backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, ...sums);
          const share = (s1.narrow(0, 0, 1) as Summed).outer(x as never);
          const sum = dlDw1.add(share as never);
          share.mul_(
            b2
              .mul(50)
              .exp()
              .select(0, 0 as never) as never,
          );
          dlDw1.copy_(sum);
        },
      },
    ],
    [
      'its own constant is written to while a product waits',
      passing((w1, b1, x, b2) => {
        const m = w1.clone();
        const product = m.mul(x as never);
        for (let i = 0; i < m.data.length; i++) m.data[i]! += 20 * b2.data[0]!;
        return (product as typeof w1).sum(1).add(b1);
      }),
    ],
    [
      'weights are written to between two products, and back',
      passing((w1, b1, x, b2) => {
        const a = w1.mv(x);
        const before = w1.data.slice();
        for (let i = 0; i < before.length; i++) w1.data[i]! += b2.data[0]!;
        const b = w1.mv(x);
        w1.data.set(before as never);
        return a.add(b).add(b1);
      }),
    ],
    [
      'weights are written to by every sample',
      passing((w1, b1, x) => {
        for (let i = 0; i < w1.data.length; i++) w1.data[i]! *= 1 - 1e-7;
        return w1.mv(x).add(b1);
      }),
      4,
      /the weights are written to/,
    ],
  ];

  test.each(strange)('%s', async (_, functions, classes = 4, whyNot = undefined) => {
    // as many samples as hidden units: shapes do not tell them apart
    const problem = () => {
      const made = madeProblem({ samples: 6, classes });
      return { ...made, testInput: made.trainInput, testTarget: made.trainTarget };
    };
    const both = await bothWays(ofFunctions(functions), { parameters: begunAtZero(classes), eta: 0.01, problem });
    await expectSame(both);
    if (whyNot !== undefined) expect(both.whyNot).toMatch(whyNot);
  });

  test('another tensor is given than the one before', async () => {
    let calls = 0;
    const loss: Practical['loss'] = (v, t) => {
      const a = ours.loss(v, t);
      const b = a.mul(2);
      calls += 1;
      return calls > 61 ? b : a; // 60 samples one by one, and once all of them
    };
    const { whyNot } = await bothWays(ofFunctions({ ...ours, loss }), { steps: 2 });
    expect(whyNot).toMatch(/something is kept/);
  });
});

test('weights beyond what the kernels can add up are multiplied as the loop does it', async () => {
  const [problem, parameters] = [madeProblem(), madeParameters()];
  const engines = [batchEngine(problem, parameters, ours), sampleEngine(problem, parameters, ours)];
  for (const large of [Infinity, 1e38]) {
    const losses: number[] = [];
    for (const engine of engines) {
      await engine.step(0.001);
      const set = madeParameters();
      const { data } = set.w1;
      data[3] = large;
      if (large < Infinity) for (let i = 0; i < data.length; i++) data[i] = i % 2 === 0 ? large : -large;
      await engine.setParameters(set);
      losses.push((await engine.step(0)).loss);
    }
    expect(losses[1]).toBeGreaterThan(0);
    expect(losses[0]! / losses[1]!).toBeCloseTo(1, 4);
  }
});

test('where a tensor’s numbers lie is nothing that all samples share', async () => {
  const loss: Practical['loss'] = (v, t) => ours.loss(v, t).mul(t.offset < 0 ? 2 : 1);
  const both = await bothWays(ofFunctions({ ...ours, loss }), { steps: 2 });
  expect(both.whyNot).toMatch(/asks where the numbers of a tensor lie/);
  await expectSame(both);
});

test('answers that are no vector of the classes are not taken for one', async () => {
  const forwardPass: Practical['forwardPass'] = (w1, b1, w2, b2, x) => {
    const [x0, s1, x1, s2, x2] = ours.forwardPass(w1, b1, w2, b2, x);
    return [x0, s1, x1, s2, x2.sum() as never];
  };
  const problem = madeProblem({ samples: 4 }); // as many as classes
  const functions = { ...ours, forwardPass, loss: (v: unknown) => v, dloss: (v: unknown) => v, backwardPass() {} };
  const [atOnce, oneByOne] = [batchEngine, sampleEngine].map(engine =>
    engine(problem, madeParameters(), functions as unknown as Practical),
  );
  for (const engine of [atOnce!, oneByOne!]) await engine.step(0.001);
  const of = async (engine: Engine) => [...(await engine.responses('train')).elements()];
  expect(await of(atOnce!)).toEqual(await of(oneByOne!));
});

describe('kindness that is planted is found before the first step is over', () => {
  const copies = leaving((sum, share) => sum.copy_(share));
  test.each<[name: string, plant: (rule: Rule) => Rule]>([
    [
      'a copy_ that sums',
      rule => (batch, asked) =>
        rule(
          batch,
          asked.name === 'copy_'
            ? { ...asked, name: 'add_', asItIs: (a, b) => (a as Summed).add_(b as Summed) }
            : asked,
        ),
    ],
    [
      'an order that is lost',
      rule => (batch, asked) => {
        const [sum, share] = asked.behind as [Sum, Many];
        return asked.name === 'copy_' ? asked.asItIs(sum.tensor, share.of(0)) : rule(batch, asked);
      },
    ],
  ])('%s', async (_, plant) => {
    planted = plant;
    try {
      const both = await bothWays(ofFunctions(copies), { steps: 3 });
      expect(both.whyNot).toBe(
        'dℓ/db2 comes out otherwise for all samples at once, so the samples are taken one by one',
      );
      await expectSame(both);
    } finally {
      planted = undefined;
    }
  });
});

test('a choice between numbers of each sample is one operation for all', () => {
  const samples = 5;
  const batch = new Batch(samples, new Products(4), new Pool(), () => undefined);
  const x = Many.ofRows(
    tensor([
      [-1, 0.5],
      [2, -0.1],
      [0, 3],
      [-4, 1],
      [0.2, -2],
    ]),
  );
  const calls: number[] = [];
  const asItIs = (...operands: unknown[]) => {
    calls.push(operands.length);
    return where(...(operands as [Tensor, Tensor, number]));
  };
  const behind = [Many.ofRows(x.all().gt(0)), x, 0.25];
  const chosen = ruleFor('where', behind)(batch, { name: 'where', operands: behind, behind, asItIs }) as Tensor;
  const all = (batch.behind('', chosen) as Many).all();
  expect(all.tolist()).toEqual(
    tensor([
      [0.25, 0.5],
      [2, 0.25],
      [0.25, 3],
      [0.25, 1],
      [0.2, 0.25],
    ]).tolist(),
  );
  expect(calls).toEqual([3]);
});
