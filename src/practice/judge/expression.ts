import { sub, Tensor, zeros } from '../../tensor/index.ts';

/**
 * Formulas as they are written in the catalogue of mistakes: `dl_dx2 * dsigma(s2)`. One formula is computed, to be held
 * against a learner's numbers, and is printed, to be read: `dlDx2 ⊙ σ′(s2)`.
 *
 *     + − * /      component by component; a smaller tensor broadcasts, as in the learner's own code
 *     ^            a power whose exponent is a number
 *     @            matrix times vector, matrix times matrix
 *     f(x), f(a, b)   the functions below
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string; readonly of: readonly Expression[] }
  | { readonly kind: 'power'; readonly base: Expression; readonly exponent: number }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

export type Known = Readonly<Record<string, Tensor>>;

const one = (x: Tensor): Tensor => zeros(x.shape as number[], { dtype: 'float64' }).fill_(1) as Tensor;
const tanh = (x: Tensor): Tensor => x.tanh();
const dtanh = (x: Tensor): Tensor => sub(1, x.tanh().pow(2)) as Tensor;
const number = (value: number): Tensor => new Tensor(Float64Array.of(value), [], 'float64');
const dot = (a: Tensor, b: Tensor): Tensor => (a as Tensor<[number, number]>).mv(b as Tensor<[number]>) as Tensor;

interface Printed {
  readonly compute: (...of: Tensor[]) => Tensor;
  /** How it reads; `f(a, b)` where nothing is said. */
  readonly print?: (...of: string[]) => string;
}

const argument = (printed: string): string => (/^[\w′]+$/.test(printed) ? ` ${printed}` : `(${printed})`);
/** What stands together already, a name or a call, needs none. */
const inParentheses = (printed: string): string =>
  /^([\w′.]+|[σℓ∇]+′?\([^()]*\)|\w+\([^()]*\))$/.test(printed) ? printed : `(${printed})`;

const functions: Readonly<Record<string, Printed>> = {
  sigma: { compute: tanh, print: x => `σ(${x})` },
  dsigma: { compute: dtanh, print: x => `σ′(${x})` },
  loss: { compute: (v, t) => t.sub(v).pow(2).sum() as Tensor, print: (v, t) => `ℓ(${v}, ${t})` },
  dloss: { compute: (v, t) => v.sub(t).mul(2), print: (v, t) => `∇ℓ(${v}, ${t})` },
  neg: { compute: x => x.neg(), print: x => `−${/ [−+⊙·/] /.test(x) ? `(${x})` : x}` },
  tanh: { compute: tanh, print: x => `tanh${argument(x)}` },
  exp: { compute: x => x.exp(), print: x => `e^${inParentheses(x)}` },
  log: { compute: x => x.log(), print: x => `log${argument(x)}` },
  sqrt: { compute: x => x.sqrt(), print: x => `√${inParentheses(x)}` },
  abs: { compute: x => x.abs(), print: x => `|${x}|` },
  sigmoid: { compute: x => sub(1, x.mul(0.5).tanh().neg()).mul(0.5) as Tensor },
  relu: { compute: x => x.add(x.abs()).mul(0.5), print: x => `max(0, ${x})` },
  step: { compute: x => x.gt(0).double() as Tensor, print: x => `step(${x})` },
  softmax: { compute: x => x.exp().div(x.exp().sum()) as Tensor },
  sum: { compute: x => x.sum() as Tensor, print: x => `sum(${x})` },
  sumAlongFirst: { compute: x => x.sum(0) as Tensor, print: x => `sum(${x}, 0)` },
  sumAlongLast: { compute: x => x.sum(-1) as Tensor, print: x => `sum(${x}, −1)` },
  mean: { compute: x => x.mean() as Tensor, print: x => `mean(${x})` },
  largest: { compute: x => x.max() as Tensor, print: x => `max(${x})` },
  norm: { compute: x => x.pow(2).sum().sqrt() as Tensor, print: x => `‖${x}‖` },
  count: { compute: x => number(x.numel()), print: x => `the number of entries of ${x}` },
  ones: { compute: one, print: () => '1 everywhere' },
  nothing: { compute: x => one(x).mul(0), print: () => '0 everywhere' },
  unset: { compute: x => one(x).mul(NaN), print: () => 'NaN everywhere' },
  T: { compute: x => (x as Tensor<[number, number]>).t() as Tensor, print: x => `${inParentheses(x)}ᵀ` },
  outer: {
    compute: (a, b) => (a as Tensor<[number]>).outer(b as Tensor<[number]>) as Tensor,
    print: (a, b) => `${inParentheses(a)} ${inParentheses(b)}ᵀ`,
  },
  column: { compute: x => x.contiguous().view(-1, 1) as Tensor, print: x => `(${x} as a column)` },
  row: { compute: x => x.contiguous().view(1, -1) as Tensor, print: x => `(${x} as a row)` },
  flat: { compute: x => x.contiguous().view(-1) as Tensor, print: x => `(${x} as one long vector)` },
  cell: { compute: x => x.contiguous().view(1, 1) as Tensor, print: x => `(${x} in a matrix of one entry)` },
  standard: {
    compute: x => x.sub(x.mean()).div(x.std()) as Tensor,
    print: x => `(${x} − mean ${x}) / std ${x}`,
  },
  firstEntry: { compute: x => x.contiguous().view(-1).select(0, 0) as Tensor, print: x => `the first entry of ${x}` },
  lastEntry: {
    compute: x =>
      x
        .contiguous()
        .view(-1)
        .select(0, x.numel() - 1) as Tensor,
    print: x => `the last entry of ${x}`,
  },
  single: { compute: x => x.contiguous().view(1) as Tensor, print: x => `(${x} in a list of one)` },
  /** As large as the second: what `add_` makes of a smaller one. */
  spread: { compute: (x, like) => x.add(like.mul(0)) as Tensor, print: (x, like) => `(${x} spread over ${like})` },
};

const printedOperators: Readonly<Record<string, string>> = { '+': ' + ', '-': ' − ', '*': ' ⊙ ', '/': ' / ', '@': ' ' };
const strengths: Readonly<Record<string, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '@': 3 };

/** @throws Error where the text is no formula: the catalogue is written by us. */
export function parse(text: string): Expression {
  const tokens = text.match(/\d+(\.\d+)?|\w+|[-+*/@^(),]/g) ?? [];
  let at = 0;
  const take = (wanted: string): boolean => {
    if (tokens[at] !== wanted) return false;
    at++;
    return true;
  };
  const expect = (wanted: string): void => {
    if (!take(wanted)) throw new Error(`parse: "${text}" wants ${wanted} at token ${at}`);
  };

  const binary = (strength: number): Expression => {
    if (strength === 4) return unary();
    let left = binary(strength + 1);
    for (let token = tokens[at]; token !== undefined && strengths[token] === strength; token = tokens[at]) {
      at++;
      left = { kind: 'binary', operator: token, left, right: binary(strength + 1) };
    }
    return left;
  };
  const unary = (): Expression => {
    if (take('-')) return { kind: 'function', name: 'neg', of: [unary()] };
    const base = atom();
    if (!take('^')) return base;
    const sign = take('-') ? -1 : 1;
    return { kind: 'power', base, exponent: sign * Number(tokens[at++]) };
  };
  const atom = (): Expression => {
    if (take('(')) {
      const inner = binary(1);
      expect(')');
      return inner;
    }
    const token = tokens[at++];
    if (token === undefined) throw new Error(`parse: "${text}" ends too early`);
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (!take('(')) return { kind: 'name', name: token };
    if (functions[token] === undefined) throw new Error(`parse: "${text}" calls ${token}`);
    const of = [binary(1)];
    while (take(',')) of.push(binary(1));
    expect(')');
    return { kind: 'function', name: token, of };
  };

  const whole = binary(1);
  if (at !== tokens.length) throw new Error(`parse: "${text}" goes on after token ${at}`);
  return whole;
}

/** @throws ShapeError where the shapes do not fit, Error where a name is not known. */
export function evaluate(expression: Expression, known: Known): Tensor {
  switch (expression.kind) {
    case 'number':
      return number(expression.value);
    case 'name': {
      const value = known[expression.name];
      if (value === undefined) throw new Error(`evaluate: ${expression.name} is not known here`);
      return value;
    }
    case 'function':
      return functions[expression.name]!.compute(...expression.of.map(e => evaluate(e, known)));
    case 'power':
      return evaluate(expression.base, known).pow(expression.exponent);
    case 'binary': {
      const left = evaluate(expression.left, known);
      const right = evaluate(expression.right, known);
      switch (expression.operator) {
        case '+':
          return left.add(right) as Tensor;
        case '-':
          return left.sub(right) as Tensor;
        case '*':
          return left.mul(right) as Tensor;
        case '/':
          return left.div(right) as Tensor;
        default:
          return right.dim() === 2
            ? ((left as Tensor<[number, number]>).mm(right as Tensor<[number, number]>) as Tensor)
            : dot(left, right);
      }
    }
  }
}

/** As a person writes it, with the learner's own names for what is known. */
export function print(expression: Expression, nameOf: (name: string) => string): string {
  const inner = (e: Expression, strength: number): string => {
    const text = print(e, nameOf);
    if (e.kind !== 'binary') return text;
    const mixed = e.operator === '@' && strength >= 2; // w x ⊙ b would read as if x ⊙ b came first
    return strengths[e.operator]! < strength || (mixed && strength < 3) ? `(${text})` : text;
  };
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'name':
      return nameOf(expression.name);
    case 'function': {
      const { print: printed } = functions[expression.name]!;
      const of = expression.of.map(e => print(e, nameOf));
      return printed ? printed(...of) : `${expression.name}(${of.join(', ')})`;
    }
    case 'power':
      return power(expression.base, expression.exponent, nameOf);
    case 'binary': {
      const { operator, left, right } = expression;
      const strength = strengths[operator]!;
      const scaled = operator === '*' && (isNumber(left) || isNumber(right));
      const sign = scaled ? ' · ' : printedOperators[operator]!;
      const leftText = left.kind === 'function' && left.name === 'neg' ? print(left, nameOf) : inner(left, strength);
      const rightText = inner(right, operator === '+' || operator === '*' ? strength : strength + 0.5);
      return `${leftText}${sign}${right.kind === 'function' && right.name === 'neg' ? `(${rightText})` : rightText}`;
    }
  }
}

function isNumber(e: Expression): boolean {
  if (e.kind !== 'function') return e.kind === 'number';
  return e.name === 'count' || (e.name === 'neg' && e.of.every(isNumber));
}

function power(base: Expression, n: number, nameOf: (name: string) => string): string {
  const signs: Readonly<Record<string, string>> = { '2': '²', '3': '³', '4': '⁴', '-1': '⁻¹', '-2': '⁻²' };
  const raised = signs[String(n)] ?? `^${n}`;
  // tanh² x, as it is written
  if (base.kind === 'function' && base.name === 'tanh' && base.of[0]!.kind === 'name')
    return `tanh${raised} ${print(base.of[0]!, nameOf)}`;
  return `${inParentheses(print(base, nameOf))}${raised}`;
}

/** The formula with another in place of a name. */
export function replace(expression: Expression, name: string, by: Expression): Expression {
  switch (expression.kind) {
    case 'number':
      return expression;
    case 'name':
      return expression.name === name ? by : expression;
    case 'function':
      return { ...expression, of: expression.of.map(e => replace(e, name, by)) };
    case 'power':
      return { ...expression, base: replace(expression.base, name, by) };
    case 'binary':
      return {
        ...expression,
        left: replace(expression.left, name, by),
        right: replace(expression.right, name, by),
      };
  }
}
