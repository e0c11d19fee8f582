import { type Expression, parse } from './judge/expression.ts';
import { type FormulaStage, formulas } from './judge/formulas.ts';

/** The six functions with what each stage computes put in: right as they are, wrong where a stage is given otherwise. */
export function solution(computes: Partial<Record<FormulaStage, string>> = {}): string {
  const of = (stage: FormulaStage): string => computes[stage] ?? codeOf(formulas[stage]);
  return `import { add, sub, mul, div, pow, ones, zeros, empty } from 'longhand/tensor';

export const sigma = x => ${of('sigma')};

export const dsigma = x => ${of('dsigma')};

export const loss = (v, t) => ${of('loss')};

export const dloss = (v, t) => ${of('dloss')};

export const forwardPass = (w1, b1, w2, b2, x) => {
  const x0 = x;
  const s1 = ${of('s1')};
  const x1 = ${of('x1')};
  const s2 = ${of('s2')};
  const x2 = ${of('x2')};
  return [x0, s1, x1, s2, x2];
};

export const backwardPass = (w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2) => {
  const dlDx2 = ${of('dl_dx2')};
  const dlDs2 = ${of('dl_ds2')};
  const dlDx1 = ${of('dl_dx1')};
  const dlDs1 = ${of('dl_ds1')};
  dlDw2.add_(${of('dl_dw2')});
  dlDb2.add_(${of('dl_db2')});
  dlDw1.add_(${of('dl_dw1')});
  dlDb1.add_(${of('dl_db1')});
};
`;
}

const methods: Readonly<Record<string, (...of: string[]) => string>> = {
  neg: x => (/^\d/.test(x) ? `-${x}` : `${x}.neg()`),
  tanh: x => `${x}.tanh()`,
  exp: x => `${x}.exp()`,
  log: x => `${x}.log()`,
  sqrt: x => `${x}.sqrt()`,
  abs: x => `${x}.abs()`,
  sigmoid: x => `div(1, add(1, ${x}.neg().exp()))`,
  relu: x => `${x}.add(${x}.abs()).div(2)`,
  step: x => `${x}.gt(0).double()`,
  softmax: x => `${x}.exp().div(${x}.exp().sum())`,
  sum: x => `${x}.sum()`,
  sumAlongFirst: x => `${x}.sum(0)`,
  sumAlongLast: x => `${x}.sum(-1)`,
  mean: x => `${x}.mean()`,
  largest: x => `${x}.max()`,
  norm: x => `${x}.pow(2).sum().sqrt()`,
  count: x => `${x}.numel()`,
  ones: x => `ones(${x}.shape, { dtype: 'float64' })`,
  nothing: x => `zeros(${x}.shape, { dtype: 'float64' })`,
  unset: x => `empty(${x}.shape, { dtype: 'float64' })`,
  T: x => `${x}.t()`,
  outer: (a, b) => `${a}.outer(${b})`,
  column: x => `${x}.view(-1, 1)`,
  row: x => `${x}.view(1, -1)`,
  single: x => `${x}.view(1)`,
  spread: (x, like) => `${x}.add(${like}.mul(0))`,
};

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** A formula as a learner would write it. */
export function codeOf(expression: Expression | string): string {
  const e = typeof expression === 'string' ? parse(expression) : expression;
  switch (e.kind) {
    case 'number':
      return String(e.value);
    case 'name':
      return camel(e.name);
    case 'function': {
      const of = e.of.map(codeOf);
      return methods[e.name]?.(...of) ?? `${e.name}(${of.join(', ')})`;
    }
    case 'power':
      return `${codeOf(e.base)}.pow(${e.exponent})`;
    case 'binary': {
      const [left, right] = [codeOf(e.left), codeOf(e.right)];
      const name = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' }[e.operator];
      if (name === undefined)
        return `${left}.${e.right.kind === 'function' && e.right.name === 'column' ? 'mm' : 'mv'}(${right})`;
      return /^-?\d/.test(left) ? `${name}(${left}, ${right})` : `${left}.${name}(${right})`;
    }
  }
}
