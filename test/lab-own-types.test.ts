import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect } from 'vitest';
import { forEditor } from '../lab/editor-types.ts';
import { TypeChecker } from '../lab/own/types/checker.ts';
import { solutionOf } from '../src/practice/exercises.ts';
import { oneIn, sharedTest, test } from './one-in.ts';

// The types of a learner's files, as the lab checks them while they are written.

let checker: TypeChecker;
beforeAll(() => {
  checker = new TypeChecker(forEditor());
});

const files = ['activation.ts', 'loss.ts', 'passes.ts', 'training.ts'] as const;
const solved = Object.fromEntries(files.map(file => [file, solutionOf(file)]));

test('the solutions have nothing that is wrong', () => {
  expect(checker.diagnose(solved)).toEqual([]);
});

type Case = [file: string, from: string, to: string, underlined: string, message: string];
const cases: Case[] = [
  ['passes.ts', 'w2.t().mv(', 'w2.mv(', 'dlDs2', '`w2` is [C, H] and `dlDs2` is [C]: `mv` wants [H] here.'],
  [
    'passes.ts',
    'dlDx2.mul(dsigma(s2))',
    'dlDx2.mul(dsigma(s1))',
    'dsigma(s1)',
    '`dlDx2` is [C] and `dsigma(s1)` is [H]: `mul` wants the same shape, or one that broadcasts.',
  ],
  [
    'passes.ts',
    'dlDs2.outer(x1)',
    'x1.outer(dlDs2)',
    'x1.outer(dlDs2)',
    '`dlDw2` is [C, H] and `x1.outer(dlDs2)` is [H, C], which does not fit into it: `add_` keeps the shape.',
  ],
  ['passes.ts', 'dloss(x2, t)', 'dloss(x2, x)', 'x', '`x` is [D], where `dloss` wants [C].'],
  [
    'passes.ts',
    'return [x0, s1, x1, s2, x2];',
    'return x2;',
    'return x2;',
    'It returns a tensor of shape [C], where the five tensors [x0, s1, x1, s2, x2] are wanted.',
  ],
  ['passes.ts', 'w1.mv(x0)', 'w1.mv(x1)', 'x1', '`x1` is used here before it has a value.'],
  ['passes.ts', 'w2.t().mv', 'w2.t.mv', 'mv', '`w2.t` is a function: brackets call it, `w2.t()`.'],
  [
    'loss.ts',
    '.pow(2).sum()',
    '.pow(2)',
    'return sub(t, v).pow(2);',
    '`sub(t, v).pow(2)` is the shape S of what comes in, where [], one number, is wanted.',
  ],
  ['loss.ts', 'sub(v, t).mul(2)', '2 * (v - t)', 'v - t', '`-` is for numbers only. For tensors it is `.sub(…)`.'],
  ['activation.ts', 'return tanh(x)', 'return x.tahn()', 'tahn', 'A tensor has no `tahn`; is `tanh` meant?'],
  [
    'activation.ts',
    'return tanh(x)',
    'return exp(x)',
    'exp',
    "`exp` is not imported: import { exp } from 'longhand/tensor'.",
  ],
  ['loss.ts', 'sub(v, t).mul(2)', 'sub(v, t).mul(', ';', "')' expected."],
];
sharedTest.each(oneIn(4, cases))('%s: for `%s` stands `%s`', (file, from, to, underlined, message) => {
  const text = solved[file]!.replace(from, to);
  expect(text).not.toBe(solved[file]);
  const found = checker.diagnose({ ...solved, [file]: text });
  const shown = found.map(({ from, to, message, file }) => [file, text.slice(from, to), message]);
  expect(shown).toEqual([[file, underlined, message]]);
});

const right = fileURLToPath(new URL('practice/suite/right/', import.meta.url));
sharedTest.each(oneIn(20, readdirSync(right)))('nothing is said of what is right: %s', name => {
  expect(checker.diagnose({ 'mine.ts': readFileSync(right + name, 'utf8') })).toEqual([]);
});
