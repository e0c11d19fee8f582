import { expect } from 'vitest';
import { startAnswering } from '../src/practice/answerer/answerer.ts';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { solution } from '../src/practice/as-written.ts';
import { judge } from '../src/practice/judge/judge.ts';
import { misconduct } from '../src/practice/mistakes/conduct.ts';
import type { Answer, StartAnswerer } from '../src/practice/protocol.ts';
import { oneIn, sharedTest, test } from './one-in.ts';
import { type Edit, edited } from './practice-right.ts';

const verdictOn = (source: string, seed = 1, start = startInProcess) => judge({ 'mine.ts': source }, start, { seed });

/** The same answerer, for code that is known never to end. */
const startImpatient: StartAnswerer = async transformed => {
  const compile = (body: string, parameters: readonly string[]) => new Function(...parameters, body) as () => unknown;
  return { ...startAnswering(transformed, { compile, milliseconds: 500 }), end: async () => {} };
};

const sigma = 'export const sigma = x => x.tanh();';
const tuple = 'return [x0, s1, x1, s2, x2];';

/** What is found, as "mistake at stage", and what is changed in the solution. */
type Case = [found: readonly string[], ...edits: Edit[]];
const cases: Case[] = [
  // nothing to call
  [['not-a-function at loss'], ['export const loss =', 'export const loss = 3;\nconst unused =']],
  [['misspelt-export at s1'], ['export const forwardPass', 'export const foward_pass']],
  [['misspelt-export at loss'], ['export const loss', 'export const losss']],

  [['parameters-in-another-order at dloss'], ['dloss = (v, t)', 'dloss = (t, v)']],
  [['parameters-in-another-order at s1'], ['forwardPass = (w1, b1, w2, b2, x)', 'forwardPass = (x, w1, b1, w2, b2)']],
  [
    ['parameters-in-another-order at s1'],
    ['forwardPass = (w1, b1, w2, b2, x)', 'forwardPass = (input, w1, b1, w2, b2)'],
    ['const x0 = x;', 'const x0 = input;'],
    ['w1.mv(x)', 'w1.mv(x0)'],
  ],
  [['parameters-in-another-order at dl_dx2'], ['b2, t, x, s1, x1', 'b2, x, t, s1, x1']],

  // no answer
  [['throws at sigma'], [sigma, 'export const sigma = x => { throw new Error("oh"); };']],
  [['throws at dloss'], ['mul(2, v.sub(t))', 'mul(2, v.sub(target))']],
  [['name-not-there at s1'], ['w1.mv(x)', 'w1.bmm(x)']],
  [
    ['runaway at sigma'],
    [
      sigma,
      'const deep = (x, n) => (n === 0 ? x : deep(deep(x, n - 1), n - 1));\nexport const sigma = x => deep(x, 300).tanh();',
    ],
  ],
  [['runaway-loop at sigma'], [sigma, 'export const sigma = x => { while (true) x.tanh(); };']],
  [['runaway-loop at dl_dx2'], ['const dlDx2', 'while (true) x.tanh();\n  const dlDx2']],
  [['runaway-loop at dl_ds1'], ['const dlDs1', 'let dlDs1;\n  for (;;) dlDs1']],
  [['runaway-loop at s1'], ['const x0 = x;', 'const x0 = x;\n  while (true) x.tanh();']],
  [['runaway-file at sigma'], [sigma, `${sigma}\nwhile (true);`]],
  [['file-stops at sigma'], [sigma, `${sigma}\nnull.tanh();`]],
  [['cannot-be-read at sigma'], [sigma, 'export const sigma = x => x.tanh(;']],
  [
    ['import-not-allowed at sigma'],
    [sigma, `import { readFileSync } from 'node:fs';\nexport const other = readFileSync;\n${sigma}`],
  ],
  [['wants-transpose at dl_dx1'], ['w2.t().mv', 'w2.mv']],
  [['transpose-too-many at s1'], ['w1.mv(x)', 'w1.t().mv(x)']],
  [['transpose-too-many at s2'], ['w2.mv(x1)', 'w2.t().mv(x1)']],
  [['wrong-matrix at dl_dx1'], ['w2.t().mv(dlDs2)', 'w1.t().mv(dlDs2)']],
  [['wrong-vector at s2'], ['w2.mv(x1)', 'w2.mv(x)']],
  [['mm-for-mv at s1'], ['w1.mv(x)', 'w1.mm(x)']],
  [['dot-for-mv at dl_dx1'], ['w2.t().mv(dlDs2)', 'w2.T.dot(dlDs2)']],
  [['mul-for-mv at s1'], ['w1.mv(x)', 'w1.mul(x)']],
  [['mv-for-outer at dl_dw2'], ['dlDs2.outer(x1)', 'dlDs2.mv(x1)']],
  [['elementwise-for-outer at dl_dw2'], ['dlDs2.outer(x1)', 'dlDs2.mul(x1)']],
  [['elementwise-for-outer at dl_dw1'], ['dlDs1.outer(x)', 'dlDs1.mul(x)']],
  [['outer-reversed at dl_dw2'], ['dlDs2.outer(x1)', 'x1.outer(dlDs2)']],
  [['outer-reversed at dl_dw1'], ['dlDs1.outer(x)', 'x.outer(dlDs1)']],
  [['sums-swapped at dl_dw1'], ['dlDw2.add_', 'dlDw1.add_']],
  [['sums-swapped at dl_db2'], ['dlDb2.add_(dlDs2)', 'dlDb2.add_(dlDs1)']],
  [['column-into-sum at dl_db2'], ['dlDb2.add_(dlDs2)', 'dlDb2.add_(dlDs2.view(-1, 1))']],
  [['shapes-differ at dl_ds1'], ['dlDx1.mul(dsigma(s1))', 'dlDx1.mul(dsigma(s2))']],
  [['outer-with-another at dl_dw1'], ['dlDs1.outer(x)', 'dlDs1.outer(x1)']],
  [['outer-with-another at dl_dw2'], ['dlDs2.outer(x1)', 'dlDs1.outer(x1)']],
  [['another-variable at s1'], ['w1.mv(x)', 'W1.mv(x)'], [sigma, `const W1 = ones([50, 784]);\n${sigma}`]],
  [['operand-is-nothing at dl_dx1'], ['w2.t().mv(dlDs2)', 'w2.t().mv(kept)'], [sigma, `let kept;\n${sigma}`]],
  [['given-nothing at dl_ds2'], ['dsigma(s2)', 'dsigma(kept)'], [sigma, `let kept;\n${sigma}`]],
  [['shapes-differ at s1'], ['w1.mv(x).add(b1)', 'w1.mv(x).add(b2)']],

  // no tensor
  [['missing-return at sigma'], [sigma, 'export const sigma = x => { x.tanh(); };']],
  [['empty-return at sigma'], [sigma, 'export const sigma = x => {\n  return\n    x.tanh();\n};']],
  [['number-for-a-tensor at loss'], ['.pow(2).sum()', '.pow(2).sum().item()']],
  [['list-for-a-tensor at sigma'], [sigma, 'export const sigma = x => [x.tanh()];']],
  [['promise-for-a-tensor at sigma'], [sigma, 'export const sigma = async x => x.tanh();']],
  [['no-tensor at sigma'], [sigma, 'export const sigma = x => "tanh";']],

  // what graders let through: zeros, NaN, shapes that broadcast, what is nearly right
  [['all-zero at dloss'], ['mul(2, v.sub(t))', 'v.mul(0)']],
  [['not-a-number at sigma'], [sigma, "export const sigma = x => empty(x.shape, { dtype: 'float64' });"]],
  [['list-of-one at loss'], ['.pow(2).sum()', '.pow(2).sum().view(1)']],
  [['column-for-a-vector at s1'], ['w1.mv(x).add(b1)', 'w1.mv(x).add(b1).view(-1, 1)']],
  [['column-broadcasts at s1'], ['w1.mv(x)', 'w1.mm(x.view(-1, 1))']],
  [['column-for-a-vector at dl_dx1'], ['w2.t().mv(dlDs2)', 'w2.t().mm(dlDs2.view(-1, 1))']],
  [['another-formula at sigma'], [sigma, 'export const sigma = x => x.tanh().mul(1.0001);']],
  [['another-formula at dl_db1'], ['dlDb1.add_(dlDs1)', 'dlDb1.add_(dlDs1.mul(0.999))']],

  // right, but not only
  [['loop at sigma'], [sigma, 'export const sigma = x => { for (let i = 0; i < 1; i++) x = x.tanh();\nreturn x; };']],
  [['loop at s1'], ['const s1 = w1.mv(x).add(b1);', 'let s1;\n  for (const b of [b1]) s1 = w1.mv(x).add(b);']],
  [['loop at dl_ds2'], ['const dlDs2', '[1].forEach(n => n);\n  const dlDs2']],
  [
    ['recursion at sigma'],
    [sigma, 'const deep = (x, n) => (n === 0 ? x.tanh() : deep(x, n - 1));\nexport const sigma = x => deep(x, 2);'],
  ],
  [['changes-its-argument-in-place at sigma'], [sigma, 'export const sigma = x => x.tanh_();']],
  [['changes-its-argument-in-place at dl_dx2'], ['dloss(x2, t)', 'x2.sub_(t).mul(2)']],
  [['changes-its-argument at sigma'], [sigma, 'export const sigma = x => { const y = x; return y.tanh_(); };']],
  [['export-missing at loss'], ['export const loss', 'const loss']],
  [['not-allowed at sigma'], [sigma, `${sigma}\nenum Colour { Red }`]],
  [['changes-its-argument-in-place at s1'], ['const x0 = x;', 'const x0 = x;\n  x.sub_(x.mean());']],
  [['changes-its-argument-in-place at dl_dw2'], ['dlDx1.mul(dsigma(s1))', 'dlDx1.mul(x1.pow_(2).neg_().add_(1))']],
  [['value-changed-in-place at dl_dw2'], ['w2.t().mv(dlDs2)', 'w2.t().mv(dlDs2).add(dlDs2.mul_(2).sum().mul(0))']],
  [['argument-replaced at dl_ds2'], ['const dlDx2 =', '[s1, s2] = [s1.mul(0), s2.mul(0)];\n  const dlDx2 =']],
  [['leaves-a-global at sigma'], [sigma, 'export const sigma = x => { globalThis.seen = 1; return x.tanh(); };']],
  [
    ['random at sigma'],
    [sigma, "export const sigma = x => x.tanh().add(empty(x.shape, { dtype: 'float64' }).normal_(0, 1e-3));"],
  ],
  [['random at dl_dw2'], ['dlDs2.outer(x1)', 'dlDs2.add(empty(dlDs2.shape).normal_()).outer(x1)']],
  [['random at s1'], ['w1.mv(x).add(b1)', 'w1.mv(x).add(b1).add(empty(b1.shape).normal_())']],
  [['remembers at sigma'], [sigma, 'let calls = 0;\nexport const sigma = x => (calls++ > 3 ? x : x.tanh());']],
  [
    ['remembers at s1'],
    ['w1.mv(x).add(b1)', 'w1.mv(x).add(b1).add(calls++ > 2 ? 1 : 0)'],
    [sigma, `let calls = 0;\n${sigma}`],
  ],
  [
    ['ignores-its-argument at dsigma'],
    ['export const dsigma = x =>', 'const y = ones([3]);\nexport const dsigma = x => y;\nconst unused = x =>'],
  ],
  [
    ['sigma-overflows at sigma'],
    [sigma, 'export const sigma = x => x.exp().sub(x.neg().exp()).div(x.exp().add(x.neg().exp()));'],
  ],
  [['only-at-full-size at s1'], ['w1.mv(x).add(b1)', 'w1.mv(x).add(b1).mul(x.numel() > 500 ? 2 : 1)']],
  [['only-at-full-size at dl_db2'], ['dlDb2.add_(dlDs2)', 'dlDb2.add_(dlDs2.mul(x.numel() > 500 ? 2 : 1))']],

  // the tuple
  [['no-tuple at s1'], [tuple, 'return x2;']],
  [['missing-return at s1'], [tuple, '']],
  [['results-missing at s1'], [tuple, 'return [s1, x1, s2, x2];']],
  [['results-in-another-order at s1'], [tuple, 'return [x0, x1, s1, x2, s2];']],
  [['results-in-another-order at s1'], [tuple, 'return [x2, s2, x1, s1, x0];']],
  [['x0-activated at s1'], [tuple, 'return [sigma(x0), s1, x1, s2, x2];']],
  [['x0-wrong at s1'], [tuple, 'return [x0.mul(2), s1, x1, s2, x2];']],
  [['returns-another at x1'], [tuple, 'return [x0, s1, s1, s2, x2];']],
  [['returns-another at x2'], [tuple, 'return [x0, s1, x1, s2, s2];']],
  [['changed-afterwards at s1'], ['sigma(s1)', 's1.tanh_()']],

  // the sums
  [['gradient-forgotten at dl_db1'], ['dlDb1.add_(dlDs1);', '']],
  [
    ['never-reached at dl_dw1', 'never-reached at dl_db1'],
    ['dlDw1.add_(', 'if (x.numel() > 0) return;\n  dlDw1.add_('],
  ],
  [['gradient-forgotten at dl_dw2'], ['dlDw2.add_(', 'dlDw2.add(']],
  [['sum-rebound at accumulation'], ['dlDw2.add_(dlDs2.outer(x1))', 'dlDw2 = dlDs2.outer(x1)']],
  [['sum-rebound at accumulation'], ['dlDb1.add_(dlDs1)', 'dlDb1 = dlDb1.add(dlDs1)']],
  [['sum-overwritten at accumulation'], ['dlDw2.add_(', 'dlDw2.copy_(']],
  [['sum-zeroed at accumulation'], ['const dlDx2 =', 'dlDw2.zero_();\n  const dlDx2 =']],
  [['sum-doubled at accumulation'], ['dlDw2.add_(', 'dlDw2.mul_(2).add_(']],
  [['sum-unchanged at accumulation'], ['dlDb1.add_(dlDs1)', 'if (dlDb1.abs().sum().item() === 0) dlDb1.add_(dlDs1)']],
  [['sum-scaled at accumulation'], ['dlDw1.add_(', 'dlDw1.mul_(0.3).add_(']],
  [['sum-negated at accumulation'], ['dlDw1.add_(', 'dlDw1.neg_().add_(']],
  [['sum-wrong at accumulation'], ['dlDb1.add_(dlDs1)', 'dlDb1.pow_(2).add_(dlDs1)']],
  [['wrong-sign at dl_dw2'], ['dlDw2.add_(', 'dlDw2.sub_(']],
  [['twice at dl_db2'], ['dlDb2.add_(dlDs2)', 'dlDb2.add_(dlDs2).add_(dlDs2)']],

  // columns, and a layer's way back as a function
  [
    ['outer-for-elementwise at dl_ds2'],
    ['dloss(x2, t)', 'dloss(x2, t).view(-1, 1)'],
    ['w2.t().mv(dlDs2)', 'w2.t().mm(dlDs2).view(-1)'],
    ['dlDs2.outer(x1)', 'dlDs2.mm(x1.view(1, -1))'],
    ['dlDb2.add_(dlDs2)', 'dlDb2.add_(dlDs2.view(-1))'],
  ],
  [
    ['dsigma-of-x1 at dl_ds1'],
    ['const dlDs1 = dlDx1.mul(dsigma(s1));\n', 'const through = (g, s) => g.mul(dsigma(s));\n'],
    ['dlDs1.outer(x)', 'through(dlDx1, x1).outer(x)'],
    ['dlDb1.add_(dlDs1)', 'dlDb1.add_(through(dlDx1, x1))'],
  ],

  // two at once
  [
    ['sigmoid-for-tanh at sigma', 'dsigma-not-squared at dsigma'],
    [sigma, 'export const sigma = x => div(1, add(1, x.neg().exp()));'],
    ['sub(1, x.tanh().pow(2))', 'sub(1, x.tanh())'],
  ],
  [
    ['bias-forgotten at s1', 'not-activated at x2'],
    ['w1.mv(x).add(b1)', 'w1.mv(x)'],
    ['sigma(s2)', 's2'],
  ],
  [
    ['dloss-arguments-swapped at dl_dx2', 'dsigma-of-x1 at dl_ds1'],
    ['dloss(x2, t)', 'dloss(t, x2)'],
    ['dsigma(s1)', 'dsigma(x1)'],
  ],
  [
    ['dsigma-forgotten at dl_ds2', 'dl_dw1-from-dl_dx1 at dl_dw1'],
    ['dlDx2.mul(dsigma(s2))', 'dlDx2'],
    ['dlDs1.outer(x)', 'dlDx1.outer(x)'],
  ],
  [
    [
      'dloss-arguments-swapped at dl_dx2',
      'wrong-sign at dl_dw2',
      'wrong-sign at dl_db2',
      'wrong-sign at dl_dw1',
      'wrong-sign at dl_db1',
    ],
    ['dloss(x2, t)', 'dloss(t, x2)'],
    ['dlDw2.add_', 'dlDw2.sub_'],
    ['dlDb2.add_', 'dlDb2.sub_'],
    ['dlDw1.add_', 'dlDw1.sub_'],
    ['dlDb1.add_', 'dlDb1.sub_'],
  ],
  [
    ['wants-transpose at dl_dx1', 'dsigma-of-x1 at dl_ds1'],
    ['w2.t().mv', 'w2.mv'],
    ['dsigma(s1)', 'dsigma(x1)'],
  ],

  // values without a name, or with another
  [['dloss-arguments-swapped at dl_ds2'], ['const dlDx2 = dloss(x2, t);\n', ''], ['dlDx2.mul(', 'dloss(t, x2).mul(']],
  [
    ['dsigma-of-x2 at dl_ds2'],
    ['const dlDx2 = dloss(x2, t);\n', ''],
    ['dlDx2.mul(dsigma(s2))', 'dloss(x2, t).mul(dsigma(x2))'],
  ],
  [
    ['dloss-arguments-swapped at dl_dx2'],
    [
      'const dlDx2 = dloss(x2, t);\n  const dlDs2 = dlDx2.mul',
      'const apple = dloss(t, x2);\n  const dlDs2 = apple.mul',
    ],
  ],
  [['another-formula at dl_ds1'], ['dlDx1.mul(dsigma(s1))', 'dlDx1.mul(dsigma(s1)).mul(x1).mul(0.7)']],
];

sharedTest.each<Case>(oneIn(2, cases))('%s', async (...[found, ...edits]: Case) => {
  const endless = found.some(text => text.startsWith('runaway'));
  const { stages } = await verdictOn(edited(edits), 1, endless ? startImpatient : startInProcess);
  const wrong = stages.filter(({ verdict }) => verdict === 'failed');
  if (process.env.SHOW) console.log(wrong.map(w => `${w.name} ${w.line} ${w.says}`).join('\n'));
  expect(wrong.map(({ name, mistake }) => `${mistake} at ${name}`)).toEqual(found);
});

/** Somebody who answers every call alike. */
const answering =
  (answer: Answer): StartAnswerer =>
  async () => ({ call: async () => answer, end: async () => {} });

test.each([
  ['ends-the-program', { kind: 'died', says: 'process.exit was called' }],
  ['runaway-somewhere', { kind: 'runaway', within: null, file: null, line: null }],
  [
    'throws-somewhere',
    { kind: 'threw', says: 'oh', operation: null, file: null, line: null, loading: false, probes: [], records: [] },
  ],
] as const)('%s', async (id, answer) => {
  const { stages } = await judge({ 'mine.ts': solution() }, answering(answer), { seed: 1 });
  expect(stages[0]).toMatchObject({ name: 'sigma', verdict: 'failed', mistake: id });
});

test('what is not written yet is missing, and nothing waits for it', async () => {
  const source = solution()
    .replace(sigma, "export const sigma = x => { throw new Error('not written yet'); };")
    .replace('export const loss', 'const other');
  const { stages, passed, score } = await verdictOn(source);
  const missing = stages.filter(({ verdict }) => verdict !== 'passed');
  expect(missing.map(({ name, verdict, mistake }) => [name, verdict, mistake])).toEqual([
    ['sigma', 'missing', 'nothing-written'],
    ['loss', 'missing', 'not-exported'],
  ]);
  expect([passed, score]).toEqual([false, 15 / 17]);
});

test('a file that cannot be read spoils its own stages only', async () => {
  const [first, second] = solution().split('\nexport const loss');
  const sources = {
    'activation.ts': first!,
    'rest.ts': `import { sub } from 'longhand/tensor';\nexport const loss${second!}(`,
  };
  const { stages } = await judge(sources, startInProcess, { seed: 1 });
  expect(stages.slice(0, 4).map(({ verdict, mistake }) => [verdict, mistake])).toEqual([
    ['passed', null],
    ['passed', null],
    ['failed', 'cannot-be-read'],
    ['waiting', null],
  ]);
});

test('the same seed, the same verdict', async () => {
  const source = edited([['dsigma(s1)', 'dsigma(x1)']]);
  expect(await verdictOn(source, 7)).toEqual(await verdictOn(source, 7));
  expect(await verdictOn(source, 7)).not.toEqual(await verdictOn(source, 8));
});

test('points of a value without a name go to what it flows into', async () => {
  const source = edited([
    ['const dlDx2 = dloss(x2, t);\n', ''],
    ['dlDx2.mul(', 'dloss(x2, t).mul('],
  ]);
  const { stages } = await verdictOn(source);
  const of = Object.fromEntries(stages.map(({ name, points, of }) => [name, [points, of]]));
  expect([of.dl_dx2, of.dl_ds2]).toEqual([
    [0, 0],
    [2, 2],
  ]);
});

test('every misconduct is done above', () => {
  const elsewhere = ['ends-the-program', 'runaway-somewhere', 'throws-somewhere', 'nothing-written', 'not-exported'];
  elsewhere.push('file-empty', 'file-gone'); // in practice-messages.test.ts
  const done = new Set([...elsewhere, ...cases.flatMap(([found]) => found.map(text => text.split(' ')[0]))]);
  expect(Object.keys(misconduct).filter(id => !done.has(id))).toEqual([]);
});
