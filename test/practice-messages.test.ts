import { expect, test } from 'vitest';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { solution } from '../src/practice/as-written.ts';
import { exerciseFiles, solutionOf } from '../src/practice/exercises.ts';
import { judge } from '../src/practice/judge/judge.ts';
import type { Sources } from '../src/practice/protocol.ts';
import type { StageVerdict } from '../src/practice/verdict.ts';
import { type Edit, edited } from './practice-right.ts';

// What learners do from habit, and the sentence that helps them: where it stands, and what it names.

async function stagesOf(sources: Sources, gone: readonly string[] = []): Promise<readonly StageVerdict[]> {
  return (await judge(sources, startInProcess, { seed: 1, gone })).stages;
}

const sigma = 'x => x.tanh()';
const back = 'w2.t().mv(dlDs2)';

test.each<[wanted: string, at: string, line: string, ...edits: Edit[]]>([
  ['A matrix times a vector is `mv`; `dot` wants two vectors.', 'dl_dx1', 'const dlDx1', [back, 'w2.T.dot(dlDs2)']],
  ['A matrix times a vector is `mv`; `dot` wants two vectors.', 's1', 'const s1', ['w1.mv(x)', 'w1.dot(x)']],
  ['a matrix times a vector is `mv`, not `mul`.', 's1', 'const s1', ['w1.mv(x)', 'w1.mul(x)']],
  ['a matrix times a vector is `mv`, not `mul`.', 's2', 'const s2', ['w2.mv(x1)', 'w2.mul(x1)']],
  ['leave `.T` out.', 's1', 'const s1', ['w1.mv(x)', 'w1.T.mv(x)']],
  ['leave `.t()` out.', 's1', 'const s1', ['w1.mv(x)', 'w1.t().mv(x)']],
  ['`dlDb2 += dlDs2`: in TypeScript', 'dl_db2', 'dlDb2.', ['dlDb2.add_(dlDs2)', 'dlDb2 += dlDs2']],
  ['it goes in place, `dlDb2.add_(dlDs2)`.', 'dl_db2', 'dlDb2.', ['dlDb2.add_(dlDs2)', 'dlDb2 += dlDs2']],
  ['a tensor has its own, `x.tanh()`.', 'sigma', 'export const sigma', [sigma, 'x => Math.tanh(x)']],
  ['a tensor has its own, `x.pow(…)`.', 'sigma', 'export const sigma', [sigma, 'x => Math.pow(x, 2)']],
])('“%s” at %s', async (wanted, at, line, ...edits) => {
  const wrong = (await stagesOf({ 'mine.ts': edited(edits) })).filter(({ verdict }) => verdict === 'failed');
  expect(wrong).toMatchObject([{ name: at, says: expect.stringContaining(wanted) }]);
  const begins = solution()
    .split('\n')
    .findIndex(text => text.trim().startsWith(line));
  expect(wrong[0]!.line).toBe(begins + 1);
});

test('a `return` that ends with its line is told apart from one that is not there', async () => {
  const says = async (body: string) => {
    const [first] = await stagesOf({ 'mine.ts': edited([[sigma, `x => {\n${body}\n}`]]) });
    return [first!.line, first!.says];
  };
  const sentence = '`sigma` gives nothing back: the `return` in line 5 ends there, and what stands on the next line';
  expect(await says('  const y = x;\n  return\n    y.tanh();')).toEqual([5, expect.stringContaining(sentence)]);
  expect(await says('  if (x.dim() >= 0) {\n  return\n    x.tanh();\n}\n')).toEqual([
    5,
    expect.stringContaining(sentence),
  ]);
  const missing = [3, '`sigma` (line 3) gives nothing back. A function in braces wants `return`.'];
  expect(await says('  x.tanh();')).toEqual(missing);
  expect(await says('  const f = () => {\n    return\n    x;\n  };\n  f();')).toEqual(missing);
});

test.each<[character: string, says: string, at: string, ...edits: Edit[]]>([
  ['‘', "`‘` is a curly quote: in a program it is straight, `'`.", 'sigma', ["'longhand/tensor'", '‘longhand/tensor’']],
  ['“', '`“` is a curly quote: in a program it is straight, `"`.', 'sigma', ["'longhand/tensor'", '“longhand/tensor”']],
  ['@', 'a matrix times a vector is `w.mv(x)`, and times a matrix `w.mm(x)`.', 'dl_dx2', [back, 'w2.t() @ dlDs2']],
  ['−', '`−` is not the minus of a program: that is `-`.', 'dsigma', ['sub(1, x.tanh().pow(2))', '1 − x']],
  ['#', '`#` is Python’s: a comment begins with `//`.', 's1', ['const x0', '# the input\n  const x0']],
  ['no-break space', 'U+2060) means nothing in TypeScript: take it out.', 's1', ['const x0', '\u2060const x0']],
  ['×', '`×` means nothing in TypeScript: take it out.', 'dloss', ['mul(2, v.sub(t))', '2 × v']],
])('%s, which means nothing, is named itself', async (_, says, at, ...edits) => {
  const stages = await stagesOf({ 'mine.ts': edited(edits) });
  expect(stages.filter(({ verdict }) => verdict === 'failed')).toMatchObject([
    { name: at, mistake: 'cannot-be-read', says: expect.stringContaining(says) },
  ]);
});

test('a file in UTF-16 is to be saved as UTF-8', async () => {
  const utf16 = new TextDecoder().decode(Buffer.from(`\uFEFF${solution()}`, 'utf16le'));
  expect((await stagesOf({ 'mine.ts': utf16 }))[0]).toMatchObject({
    mistake: 'cannot-be-read',
    says: 'mine.ts, line 1: it is not written in UTF-8: save it as UTF-8.',
  });
});

test('what cannot be read is told at the function in which it stands, where it stands in one', async () => {
  const failedIn = async (...edits: Edit[]) => {
    const stages = await stagesOf({ 'mine.ts': edited(edits) });
    expect(stages.filter(({ verdict }) => verdict === 'waiting')).toHaveLength(stages.length - 1);
    return stages.find(({ verdict }) => verdict === 'failed')!.name;
  };
  expect(await failedIn(['const dlDs1 =', 'const dlDs1 = ='])).toBe('dl_dx2');
  expect(await failedIn(['const s1 =', 'const s1 = ='])).toBe('s1');
  expect(await failedIn(['mul(2, v.sub(t))', 'mul(2, v.sub(t)))'])).toBe('dloss');
  expect(await failedIn(['export const loss', '= 3;\n\nexport const loss'])).toBe('sigma');
});

test('a file that is gone and one that is empty are told as such', async () => {
  const files = Object.fromEntries(exerciseFiles.map(file => [file, solutionOf(file)]));
  const empty = { ...files, 'activation.ts': ' \n' };
  const firstOf = async (sources: Sources, gone: readonly string[]) => {
    const [first] = await stagesOf(sources, gone);
    return [first!.verdict, first!.mistake, first!.says];
  };
  expect(await firstOf(empty, [])).toEqual([
    'missing',
    'file-empty',
    'activation.ts is empty: `sigma` is to be written in it.',
  ]);
  expect(await firstOf(empty, ['activation.ts'])).toEqual([
    'missing',
    'file-gone',
    'activation.ts is not there any more: `sigma` is to be written in it.',
  ]);
  expect((await firstOf({ 'mine.ts': '' }, []))[1]).toBe('file-empty');
  expect((await firstOf({ 'mine.ts': 'const a = 1;' }, []))[1]).toBe('not-exported');
});

test('what waits calls what it waits for by the learner’s name, and always gives the reason', async () => {
  const stages = await stagesOf({ 'mine.ts': edited([['dlDs1.outer(x)', 'dlDs1.mul(x)']]) });
  const waiting = stages.filter(({ verdict }) => verdict === 'waiting');
  expect(waiting.map(({ name, says }) => [name, says])).toEqual([
    ['dl_dw2', 'It waits for `dlDw1`.'],
    ['dl_db2', 'It waits for `dlDw1`.'],
    ['dl_db1', 'It waits for `dlDw1`.'],
    ['accumulation', 'It waits for what is added to the sums.'],
  ]);
});
