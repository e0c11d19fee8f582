import { solution } from '../src/practice/as-written.ts';

export type Edit = readonly [from: string, to: string];

/** The solution with something else in some places. */
export function edited(edits: readonly Edit[]): string {
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the solution has no "${from}"`);
    return text.replace(from, to);
  }, solution());
}

const sigma = 'x.tanh();';
const dsigma = 'sub(1, x.tanh().pow(2));';
const backward = solution().slice(solution().indexOf('const dlDx2 ='), solution().lastIndexOf('};'));
const forward = solution().slice(solution().indexOf('const x0 = x;'), solution().indexOf('return [x0'));

/** Solutions that are right, each with what is unusual about it. */
export type RightVariant = [name: string, ...edits: Edit[]];
export const rightVariants: RightVariant[] = [
  ['as the practical has it'],
  ['dsigma as 4 (e^x + e^-x)^-2', [dsigma, 'x.exp().add(x.neg().exp()).pow(-2).mul(4);']],
  ['dsigma as cosh^-2', [dsigma, 'div(1, x.exp().add(x.neg().exp()).div(2).pow(2));']],
  ['dsigma as (1 - tanh)(1 + tanh)', [dsigma, 'sub(1, x.tanh()).mul(add(1, x.tanh()));']],
  ['dsigma through sigma', [dsigma, 'sigma(x).pow(2).neg().add(1);']],
  ['dsigma as a difference of squares', [dsigma, 'sub(1, sigma(x).mul(sigma(x)));']],
  ['sigma as 2 / (1 + e^-2x) - 1', [sigma, 'div(2, x.mul(-2).exp().add(1)).sub(1);']],
  ['sigma in place on a copy', [sigma, 'x.clone().tanh_();']],
  ['float32 temporaries', [sigma, 'x.float().tanh().double();'], ['v.sub(t))', 'v.float().sub(t.float()))']],
  ['the loss as a squared norm', ['t.sub(v).pow(2).sum()', 'v.sub(t).pow(2).sum().sqrt().pow(2)']],
  ['the loss as a product', ['t.sub(v).pow(2).sum()', 'v.sub(t).mul(v.sub(t)).sum()']],
  ['dloss as a sum of two differences', ['mul(2, v.sub(t))', 'v.sub(t).add(v.sub(t))']],
  ['dloss with two minus signs', ['mul(2, v.sub(t))', 't.sub(v).mul(-2)']],
  ['the bias first', ['w1.mv(x).add(b1)', 'b1.add(w1.mv(x))']],
  ['columns and views in the forward pass', ['w1.mv(x).add(b1)', 'w1.mm(x.view(-1, 1)).view(-1).add(b1)']],
  ['rows and views in the forward pass', ['w2.mv(x1).add(b2)', 'x1.view(1, -1).mm(w2.t()).view(-1).add(b2)']],
  ['in place in the forward pass', ['const s1 = w1.mv(x).add(b1);', 'const s1 = w1.mv(x);\n  s1.add_(b1);']],
  [
    'nothing has a name in the forward pass',
    [forward, ''],
    [
      'return [x0, s1, x1, s2, x2];',
      'const a = w1.mv(x).add(b1);\n  return [x, a, sigma(a), w2.mv(sigma(a)).add(b2), sigma(w2.mv(sigma(a)).add(b2))];',
    ],
  ],
  [
    'a layer as a function',
    [
      forward,
      'const layer = (w, b, v) => { const s = w.mv(v).add(b); return [s, sigma(s)]; };\n  const [s1, x1] = layer(w1, b1, x);\n  const [s2, x2] = layer(w2, b2, x1);\n  const x0 = x;\n',
    ],
  ],
  [
    '1 - x1^2 in place of dsigma(s1)',
    ['dlDx1.mul(dsigma(s1))', 'dlDx1.mul(sub(1, x1.pow(2)))'],
    ['dlDx2.mul(dsigma(s2))', 'dlDx2.mul(sub(1, x2.pow(2)))'],
  ],
  [
    'other names',
    [
      backward,
      `const error = dloss(x2, t);
  const delta = error.mul(dsigma(s2));
  const back = w2.t().mv(delta);
  const hidden = back.mul(dsigma(s1));
  dlDw2.add_(delta.outer(x1));
  dlDb2.add_(delta);
  dlDw1.add_(hidden.outer(x));
  dlDb1.add_(hidden);
`,
    ],
  ],
  [
    'half of the difference has a name',
    ['const dlDx2 = dloss(x2, t);', 'const diff = x2.sub(t);'],
    ['dlDx2.mul(', 'diff.mul(2).mul('],
  ],
  [
    'another order',
    [
      backward,
      `const dlDx2 = dloss(x2, t);
  const dlDs2 = dlDx2.mul(dsigma(s2));
  dlDb2.add_(dlDs2);
  dlDw2.add_(dlDs2.outer(x1));
  const dlDx1 = w2.t().mv(dlDs2);
  const dlDs1 = dlDx1.mul(dsigma(s1));
  dlDb1.add_(dlDs1);
  dlDw1.add_(dlDs1.outer(x));
`,
    ],
  ],
  [
    'columns times rows',
    ['dlDs2.outer(x1)', 'dlDs2.view(-1, 1).mm(x1.view(1, -1))'],
    ['dlDs1.outer(x)', 'dlDs1.view(-1, 1).mul(x.view(1, -1))'],
  ],
  ['a row times a matrix', ['w2.t().mv(dlDs2)', 'dlDs2.view(1, -1).mm(w2).view(-1)']],
  [
    'in place in the backward pass',
    [
      backward,
      `const d2 = dloss(x2, t).mul_(dsigma(s2));
  dlDw2.add_(d2.outer(x1));
  dlDb2.add_(d2);
  const d1 = w2.t().mv(d2);
  d1.mul_(dsigma(s1));
  dlDw1.add_(d1.outer(x));
  dlDb1.add_(d1);
`,
    ],
  ],
  [
    'one variable that is given new values',
    [
      backward,
      `let d = dloss(x2, t);
  d = d.mul(dsigma(s2));
  dlDw2.add_(d.outer(x1));
  dlDb2.add_(d);
  d = w2.t().mv(d);
  d = d.mul(dsigma(s1));
  dlDw1.add_(d.outer(x));
  dlDb1.add_(d);
`,
    ],
  ],
  [
    'nothing has a name in the backward pass',
    [
      backward,
      `dlDw2.add_(dloss(x2, t).mul(dsigma(s2)).outer(x1));
  dlDb2.add_(dloss(x2, t).mul(dsigma(s2)));
  dlDw1.add_(w2.t().mv(dloss(x2, t).mul(dsigma(s2))).mul(dsigma(s1)).outer(x));
  dlDb1.add_(w2.t().mv(dloss(x2, t).mul(dsigma(s2))).mul(dsigma(s1)));
`,
    ],
  ],
  [
    'gradients with names, then added',
    [
      backward,
      `const dlDx2 = dloss(x2, t);
  const dlDs2 = dlDx2.mul(dsigma(s2));
  const dlDx1 = w2.t().mv(dlDs2);
  const dlDs1 = dlDx1.mul(dsigma(s1));
  const dW2 = dlDs2.outer(x1);
  const dB2 = dlDs2;
  const dW1 = dlDs1.outer(x);
  const dB1 = dlDs1;
  dlDw2.add_(dW2);
  dlDb2.add_(dB2);
  dlDw1.add_(dW1);
  dlDb1.add_(dB1);
`,
    ],
  ],
  ['subtracts the negative', ['dlDw2.add_(dlDs2.outer(x1))', 'dlDw2.sub_(dlDs2.neg().outer(x1))']],
  ['copies the sum into itself', ['dlDb1.add_(dlDs1)', 'dlDb1.copy_(dlDb1.add(dlDs1))']],
  [
    'returns what it added',
    ['dlDb1.add_(dlDs1);', 'dlDb1.add_(dlDs1);\n  return [dlDs2.outer(x1), dlDs2, dlDs1.outer(x), dlDs1];'],
  ],
  [
    'runs the forward pass again',
    [
      'const dlDx2 = dloss(x2, t);',
      'const [, a1, y1, a2, y2] = forwardPass(w1, b1, w2, b2, x);\n  const dlDx2 = dloss(y2, t);',
    ],
    ['dsigma(s1)', 'dsigma(a1)'],
    ['outer(x1)', 'outer(y1)'],
    ['dsigma(s2)', 'dsigma(a2)'],
  ],
  [
    'torch’s names',
    ['export const forwardPass', 'export const forward_pass'],
    ['export const backwardPass', 'export const backward_pass'],
  ],
  [
    'function declarations',
    ['export const sigma = x => x.tanh();', 'export function sigma(x) { return x.tanh(); }'],
    [
      'export const loss = (v, t) => t.sub(v).pow(2).sum();',
      'export function loss(v, t) {\n  const d = t.sub(v);\n  return d.mul(d).sum();\n}',
    ],
  ],
];
