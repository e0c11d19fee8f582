import { describe, expect, vi } from 'vitest';
import { Batch, Pool, type Rule } from '../src/batch/batch.ts';
import { Many } from '../src/batch/many.ts';
import { Products } from '../src/batch/products.ts';
import { ruleFor } from '../src/batch/rules.ts';
import type { Sum } from '../src/batch/sum.ts';
import type { Practical } from '../src/index.ts';
import * as ours from '../src/practical.ts';
import { type Tensor, tensor, where } from '../src/tensor/index.ts';
import { bothWays, expectSame, ofFunctions, ofSource } from './at-once.ts';
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
