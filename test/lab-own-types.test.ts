import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { forEditor } from '../lab/editor-types.ts';
import { TypeChecker } from '../lab/own/types/checker.ts';

const solution = readFileSync('test/practice/suite/right/01-as-the-practical.ts', 'utf8');
const bad=[['w2.t().mv(dlDs2)','w2.mv(dlDs2)'],['w1.mv(x0).add(b1)','w1.mv(x0).add(b2)'],['w1.mv(x0)','w1.mv(x1)'],['w2.mv(x1)','w2.mv(x0)'],['dlDs2.outer(x1)','dlDs2.outer(x0)'],['.sum()',''],['v.sub(t).mul(2)','v.sub(t).mul(2).sum()'],['dlDw2.add_(dlDs2.outer(x1))','dlDw2 += dlDs2.outer(x1)'],['x.tanh()','tanh(x)'],['x.tanh()','x.tahn()'],['v.sub(t).mul(2)','2 * (v - t)'],['return [x0, s1, x1, s2, x2]','return [s1, x1, s2, x2]'],['return [x0, s1, x1, s2, x2]','return x2'],['sub(1, x.tanh','sub(1, x.tanh('],['dlDx2.mul(dsigma(s2))','dlDx2.mul(dsigma(s1))'],['return [x0, s1, x1, s2, x2]',''],['w1.mv(x0)','w1.mm(x0)'], ['w1.mv(x0)','w1 @ x0'],['x.tanh()','x'],['return [x0, s1','return [x0, s2'],['x.tanh()','3'],['dlDs1.outer(x0)','x0.outer(dlDs1)'],['w2.t()','w2.t'],['= w1.mv(x0)','= sigma(w1).mv(x0)'],['sub(1, x.tanh().pow(2))','1 - x.tanh().pow(2)'],['dloss(x2, t)','dloss(x2, x)'],['dloss(x2, t)','dloss(x2)'],['sub(1, x','foo(1, x']] as const;
const checker = new TypeChecker(forEditor());
test('x', () => {
  expect(checker.diagnose({ 'mine.ts': solution })).toEqual([]);
  for (const [a, b] of bad) {
    const src = solution.replace(a, b);
    const t=performance.now();
    const ds = checker.diagnose({ 'mine.ts': src });
    console.log(b, '→', (performance.now()-t).toFixed(0), ds.map(d => `${JSON.stringify(src.slice(d.from, d.to))}: ${d.message}${d.isSyntax ? ' (syntax)' : ''}`));
  }
});
