import type { Tensor } from '../../tensor/index.ts';
import type { TensorValue } from '../protocol.ts';
import { reproduces, sameShape, toleranceFor } from './compare.ts';
import { type Expression, evaluate, type Known, parse } from './expression.ts';
import type { FormulaStage } from './formulas.ts';

interface Seen {
  readonly known: Known;
  readonly theirs: TensorValue;
}

/** A formula and what it gives in the first draw. */
interface Candidate {
  readonly formula: Expression;
  readonly value: Tensor;
}

/** Enough for all that is listed below; each costs a few products of short vectors. */
const MOST_CANDIDATES = 20_000;

/**
 * Where no known mistake gives a learner's numbers, looks for what does: products, sums and differences of what is known
 * at this stage, through σ, σ′ and the matrices, times any constant factor. The first that fits all draws, simplest
 * first, or null.
 */
export function search(stage: FormulaStage, seen: readonly Seen[]): Expression | null {
  const [first] = seen;
  if (first === undefined) return null;
  let left = MOST_CANDIDATES;
  for (const { formula, value } of candidates(stage, first.known, first.theirs.shape)) {
    if (left-- === 0) return null;
    const factor = factorBetween(value, first.theirs);
    if (factor === null) continue;
    const scaled = times(factor, formula);
    if (seen.every(({ known, theirs }) => fits(scaled, known, theirs))) return scaled;
  }
  return null;
}

function fits(formula: Expression, known: Known, theirs: TensorValue): boolean {
  try {
    return reproduces(evaluate(formula, known), theirs);
  } catch {
    return false;
  }
}

function times(factor: number, formula: Expression): Expression {
  const rounded = Number(factor.toPrecision(6));
  if (rounded === 1) return formula;
  if (rounded === -1) return { kind: 'function', name: 'neg', of: [formula] };
  return { kind: 'binary', operator: '*', left: { kind: 'number', value: rounded }, right: formula };
}

/** The constant that turns one into the other, or null. */
function factorBetween(value: Tensor, theirs: TensorValue): number | null {
  if (!sameShape(value.shape, theirs.shape)) return null;
  const own = value.elements();
  let largest = 0;
  for (let i = 1; i < own.length; i++) if (Math.abs(own[i]!) > Math.abs(own[largest]!)) largest = i;
  const factor = theirs.data[largest]! / own[largest]!;
  if (!Number.isFinite(factor) || Math.abs(factor) < 1e-6) return null;
  const tolerance = toleranceFor(theirs.data);
  return theirs.data.every((x, i) => Math.abs(x - factor * own[i]!) <= tolerance) ? factor : null;
}

function* candidates(stage: FormulaStage, known: Known, shape: readonly number[]): Generator<Candidate> {
  const make = function* (texts: Iterable<string>): Generator<Candidate> {
    for (const text of texts) {
      const formula = parse(text);
      try {
        yield { formula, value: evaluate(formula, known) };
      } catch {
        // shapes that do not fit
      }
    }
  };
  const fitting = (found: readonly Candidate[]) => found.filter(({ value }) => sameShape(value.shape, shape));

  if (stage === 'sigma' || stage === 'dsigma') {
    const pieces = [
      ...make([
        'x',
        'x^2',
        'abs(x)',
        'exp(x)',
        'exp(-x)',
        'tanh(x)',
        'tanh(x)^2',
        'sigmoid(x)',
        'exp(2 * x)',
        'exp(-2 * x)',
        'ones(x)',
        'exp(x^2)',
        'exp(-x^2)',
        'exp(x) + exp(-x)',
        'exp(x) - exp(-x)',
        'tanh(x / 2)',
        'tanh(2 * x)',
      ]),
    ];
    yield* pieces;
    yield* pairs(pieces, ['*', '/', '+', '-']);
    const inner = [...pairs(pieces, ['*', '/', '+', '-'])];
    for (const a of inner) for (const b of pieces) yield* combined(a, b, ['*', '/', '-']);
    return;
  }
  if (stage === 'loss' || stage === 'dloss') {
    const pieces = [
      ...make([
        'v',
        't',
        'v - t',
        'v + t',
        'v * t',
        'v^2',
        't^2',
        '(v - t)^2',
        'abs(v - t)',
        '(v - t)^3',
        'ones(v)',
        'tanh(v)',
        'tanh(v) - t',
        'exp(v)',
        'exp(v - t)',
        'v - 2 * t',
        '2 * v - t',
      ]),
    ];
    const both = [...pieces, ...pairs(pieces, ['*', '+', '-', '/'])];
    yield* fitting(both);
    const reduced = ['sum', 'mean', 'norm', 'largest', 'sumAlongFirst', 'sumAlongLast'];
    for (const name of reduced) for (const { formula, value } of both) yield* reducing(name, formula, value, known);
    return;
  }

  const gradientsFirst = (a: string, b: string) => Number(b.startsWith('dl_')) - Number(a.startsWith('dl_'));
  const vectors = Object.keys(known)
    .filter(name => known[name]!.dim() === 1)
    .sort(gradientsFirst);
  const matrices = Object.keys(known).filter(name => known[name]!.dim() === 2);
  const pieces = [...make([...vectors, ...vectors.flatMap(q => [`dsigma(${q})`, `sigma(${q})`, `1 - ${q}^2`])])];
  const products = [...make(matrices.flatMap(m => vectors.flatMap(q => [`${m} @ ${q}`, `T(${m}) @ ${q}`])))];
  const activated = [
    ...make(
      matrices.flatMap(m =>
        vectors.flatMap(q => [
          `${m} @ sigma(${q})`,
          `T(${m}) @ sigma(${q})`,
          `${m} @ dsigma(${q})`,
          `T(${m}) @ dsigma(${q})`,
        ]),
      ),
    ),
  ];
  if (shape.length === 2) {
    const [rows, columns] = shape;
    const ofLength = (n: number | undefined, list: readonly Candidate[]) =>
      list.filter(({ value }) => value.shape[0] === n);
    for (const list of [pieces, [...pieces, ...products]]) {
      for (const a of ofLength(rows, list))
        for (const b of ofLength(columns, list)) yield* applied('outer', a, b, known);
    }
    const twofold = [...pairs(ofLength(rows, pieces), ['*'])];
    for (const a of twofold) for (const b of ofLength(columns, pieces)) yield* applied('outer', a, b, known);
    return;
  }
  const simple = fitting([...pieces, ...products]);
  yield* simple;
  yield* fitting(activated);
  yield* pairs(simple, ['*', '+', '-']);
  yield* pairs(fitting([...pieces, ...products, ...activated]), ['*', '+', '-']);
  const twofold = [...pairs(fitting(pieces), ['*'])];
  for (const a of fitting(pieces)) for (const b of twofold) yield* combined(a, b, ['*', '+']);
  for (const a of fitting(products)) for (const b of twofold) yield* combined(a, b, ['*']);
}

function* pairs(list: readonly Candidate[], operators: readonly string[]): Generator<Candidate> {
  for (const [i, a] of list.entries()) {
    for (const [j, b] of list.entries()) {
      const apart = j < i ? operators.filter(o => o === '-' || o === '/') : operators;
      yield* combined(a, b, j === i ? operators.filter(o => o === '*') : apart);
    }
  }
}

function* combined(a: Candidate, b: Candidate, operators: readonly string[]): Generator<Candidate> {
  if (!sameShape(a.value.shape, b.value.shape)) return;
  for (const operator of operators) {
    const formula: Expression = { kind: 'binary', operator, left: a.formula, right: b.formula };
    yield { formula, value: evaluate(binaryOf(operator), { a: a.value, b: b.value }) };
  }
}

function binaryOf(operator: string): Expression {
  return { kind: 'binary', operator, left: { kind: 'name', name: 'a' }, right: { kind: 'name', name: 'b' } };
}

function* applied(name: string, a: Candidate, b: Candidate, known: Known): Generator<Candidate> {
  const formula: Expression = { kind: 'function', name, of: [a.formula, b.formula] };
  yield {
    formula,
    value: evaluate(
      {
        kind: 'function',
        name,
        of: [
          { kind: 'name', name: 'a' },
          { kind: 'name', name: 'b' },
        ],
      },
      { ...known, a: a.value, b: b.value },
    ),
  };
}

function* reducing(name: string, formula: Expression, value: Tensor, known: Known): Generator<Candidate> {
  const of: Expression = { kind: 'name', name: 'inner' };
  yield {
    formula: { kind: 'function', name, of: [formula] },
    value: evaluate({ kind: 'function', name, of: [of] }, { ...known, inner: value }),
  };
}
