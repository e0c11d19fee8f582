import { describe, expect, test } from 'vitest';
import type { Practical } from '../src/index.ts';
import * as ours from '../src/practical.ts';
import type { Tensor } from '../src/tensor/index.ts';
import { bothWays, expectSame, ofFunctions } from './at-once.ts';

// What a program asks for twice is computed once, and a copy of its input is as good as the input: until it is changed.

type Vector = Tensor<[number]>;
type Matrix = Tensor<[number, number]>;

/** The practical's functions, with another way to the first pre-activations. */
const passing = (preActivation: (w1: Matrix, b1: Vector, x: Vector) => Vector): Practical => ({
  ...ours,
  forwardPass: (w1, b1, w2, b2, x) => {
    const s1 = preActivation(w1 as Matrix, b1 as Vector, x as Vector) as typeof b1;
    const x1 = ours.sigma(s1);
    const s2 = w2.mv(x1).add(b2);
    return [x, s1, x1, s2, ours.sigma(s2)];
  },
});

describe('the numbers of the loop', () => {
  test.each<[name: string, preActivation: (w1: Matrix, b1: Vector, x: Vector) => Vector]>([
    ['what is asked for twice', (w1, b1, x) => w1.mv(x).add(b1).add(w1.mv(x).add(b1))],
    [
      'the first of two that are alike is changed',
      (w1, b1, x) => {
        const [a, b] = [w1.mv(x), w1.mv(x)];
        a.mul_(3);
        return b.add(b1).add(a);
      },
    ],
    [
      'the second of two that are alike is changed',
      (w1, b1, x) => {
        const [a, b] = [w1.mv(x), w1.mv(x)];
        b.mul_(3);
        return a.add(b1).add(w1.mv(x));
      },
    ],
    [
      'what it is computed of is changed in between',
      (w1, b1, x) => {
        const s = w1.mv(x).add(b1);
        const a = s.tanh();
        s.mul_(3);
        return a.add(s.tanh());
      },
    ],
    [
      'what it comes to is changed in between',
      (w1, b1, x) => {
        const s = w1.mv(x).add(b1);
        s.tanh().mul_(3);
        return s.tanh().sub(s);
      },
    ],
    [
      'a view of what it is computed of is changed in between',
      (w1, b1, x) => {
        const s = w1.mv(x).add(b1);
        const a = s.tanh();
        s.view(-1, 1).narrow(0, 1, 3).mul_(3);
        return a.add(s.tanh());
      },
    ],
    [
      'the copy of a copy, when the one between has changed',
      (w1, b1, x) => {
        const s = w1.mv(x);
        const a = s.clone();
        const b = a.clone();
        a.mul_(3);
        return b.add(b1).add(a.tanh()).add(b.tanh()).add(s.tanh());
      },
    ],
    [
      'a copy, when what it is of has changed',
      (w1, b1, x) => {
        const s = w1.mv(x);
        const a = s.tanh();
        const b = s.clone();
        s.mul_(3);
        return a.add(b1).add(s.tanh()).add(b.tanh());
      },
    ],
    ['a copy of the input', (w1, b1, x) => w1.mv(x.clone()).add(b1)],
    ['a copy of the input that is changed', (w1, b1, x) => w1.mv(x.clone().mul_(3)).add(b1)],
    [
      'a part of a copy of the input',
      (w1, b1, x) =>
        w1
          .narrow(1, 3, 20)
          .mv(x.clone().narrow(0, 3, 20))
          .add(b1),
    ],
    [
      '0 and −0',
      (w1, b1, x) => {
        const s = w1.mv(x).add(b1);
        return s.add(s.div(0).tanh()).sub(s.div(-0).tanh().mul(0.5));
      },
    ],
  ])('%s', async (_, preActivation) => {
    const both = await bothWays(ofFunctions(passing(preActivation)), { steps: 3 });
    expect(both.whyNot).toBeUndefined();
    await expectSame(both);
  });
});
