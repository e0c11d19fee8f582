import { describe, expect, test } from 'vitest';
import * as longhand from '../src/tensor/index.ts';
import { type DType, manualSeed, ShapeError, Tensor, tensor } from '../src/tensor/index.ts';
import { golden } from './golden/logs.ts';

// torch's functions and methods beside PyTorch's own values: NaN, nothing at all, broadcasting, types, refusals.
// test/golden/make_pytorch.py makes the cases.

type Plain = number | boolean | string | { dtype: DType; shape: number[]; values: (number | string)[] } | Plain[];
type Case = readonly [operands: Plain[], result: Plain | null];

const numbers: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };
const numberOf = (x: number | string): number => (typeof x === 'string' ? numbers[x]! : x);

function operandOf(x: Plain): unknown {
  if (Array.isArray(x)) return x.map(operandOf);
  if (typeof x !== 'object') return typeof x === 'string' ? numberOf(x) : x;
  const data = tensor(x.values.map(numberOf), { dtype: x.dtype });
  return new Tensor(data.data, x.shape, x.dtype);
}

type Callable = (...operands: unknown[]) => unknown;
const functions = longhand as unknown as Record<string, Callable>;

/** Every way in which an operation can be called: as a function, as a method, or read as a property. */
function waysOf(name: string): [string, Callable][] {
  const ways: [string, Callable][] = [];
  if (typeof functions[name] === 'function') ways.push(['function', functions[name]]);
  const property = Object.getOwnPropertyDescriptor(Tensor.prototype, name);
  if (property?.get) ways.push(['property', t => (t as unknown as Record<string, unknown>)[name]]);
  else if (property) {
    const method: Callable = (t, ...operands) => (t as unknown as Record<string, Callable>)[name]!(...operands);
    ways.push(['method', method]);
  }
  return ways;
}

/**
 * How far float32 and float64 may be from PyTorch's, as a part of the value. Sums and products of the cases are exact;
 * exp, log and their kin are rounded a few times in PyTorch, and once here. Below the smallest normal float32 its
 * sigmoid is 0.
 */
const tolerance: Record<DType, number> = { float32: 8 * 2 ** -24, float64: 8 * 2 ** -53, int64: 0, bool: 0 };
const smallest: Record<DType, number> = { float32: 2 ** -126, float64: 0, int64: 0, bool: 0 };

function expectSame(ours: unknown, theirs: Plain): void {
  if (typeof theirs !== 'object') {
    expect(ours).toBe(theirs);
  } else if (Array.isArray(theirs)) {
    const parts = [...(ours as Iterable<unknown>)];
    expect(parts).toHaveLength(theirs.length);
    for (const [k, part] of parts.entries()) expectSame(part, theirs[k]!);
  } else {
    const t = ours as Tensor;
    expect({ dtype: t.dtype, shape: t.size() }).toEqual({ dtype: theirs.dtype, shape: theirs.shape });
    for (const [k, y] of [...t.elements()].entries()) {
      const wanted = numberOf(theirs.values[k]!);
      if (!Number.isFinite(wanted)) expect(y).toBe(wanted);
      else if (wanted === 0) expect(Math.abs(y)).toBeLessThanOrEqual(smallest[theirs.dtype]);
      else expect(Math.abs(y - wanted) / Math.abs(wanted)).toBeLessThanOrEqual(tolerance[theirs.dtype]);
    }
  }
}

const cases = Object.entries(golden<Record<string, Case>>('pytorch-operations.json')).filter(
  ([key]) => key !== 'torch',
);
const names = [...new Set(cases.map(([key]) => key.split(' ')[0]!))];

test("every name of torch's that people write for the practical is there, and beside PyTorch's values", () => {
  const called =
    'tanh exp log sqrt abs neg sum mean max argmax t mv mm matmul outer dot eq allclose equal where maximum minimum cat ' +
    'stack relu sigmoid add sub mul div pow full arange rand zerosLike onesLike';
  const methods = 'T matmul dot reshape flatten transpose unsqueeze squeeze expand cosh sigmoid relu min argmin norm';
  const has = (way: string) => (name: string) => waysOf(name).some(([kind]) => kind === way) && names.includes(name);
  expect(called.split(' ').filter(name => !has('function')(name))).toEqual([]);
  expect(methods.split(' ').filter(name => !has('method')(name) && !has('property')(name))).toEqual([]);
});

describe.each(names)('%s', name => {
  const own = cases.filter(([key]) => key.split(' ')[0] === name);
  test.each(waysOf(name))(`as a %s gives PyTorch's values (${own.length} cases)`, (way, call) => {
    let compared = 0;
    for (const [key, [operands, result]] of own) {
      if (way === 'method' && typeof operands[0] !== 'object') continue;
      if (name === 'rand') manualSeed(3);
      try {
        if (result === null) expect(() => call(...operands.map(operandOf))).toThrow(ShapeError);
        else expectSame(call(...operands.map(operandOf)), result);
      } catch (error) {
        throw new Error(`${key}: ${JSON.stringify(operands)} gives ${JSON.stringify(result)}`, { cause: error });
      }
      compared += 1;
    }
    expect(compared).toBeGreaterThan(0);
  });
});

test('what max and min give along a dimension is taken apart by names, by places, or as a pair', () => {
  const x = tensor([
    [1, 5],
    [7, 2],
  ]);
  const [values, indices] = x.max(0);
  expect([values.tolist(), indices.tolist()]).toEqual([
    [7, 5],
    [1, 0],
  ]);
  expect(tensor([0.1, 0.9, 0.3]).max(0)[1].item()).toBe(1);
  expect(x.min(1).values.tolist()).toEqual([1, 2]);
  expect(longhand.max(x, 1).indices.tolist()).toEqual([1, 0]);
  expect(x.max(0)).toHaveLength(2);
});

test('a shape may be given as it stands: view(t.shape), as torch takes it', () => {
  const m = tensor([
    [1, 2],
    [3, 4],
  ]);
  const row = tensor([1, 2, 3, 4]);
  expect(row.view(m.shape).tolist()).toEqual(m.tolist());
  expect(row.reshape(m.shape).tolist()).toEqual(m.tolist());
  expect(tensor([1, 2]).expand(m.shape).shape).toEqual([2, 2]);
});

test('views share their storage with what they are views of; reshape and flatten too where they can', () => {
  const m = tensor([
    [1, 2],
    [3, 4],
  ]);
  m.T.select(0, 1).fill_(0);
  m.transpose(0, 1).unsqueeze(0).squeeze().narrow(0, 0, 1).mul_(10);
  m.reshape(4).narrow(0, 3, 1).fill_(7);
  expect(m.tolist()).toEqual([
    [10, 0],
    [30, 7],
  ]);
  m.t().flatten().fill_(5); // turned round it has to be copied
  expect(m.sum().item()).toBe(47);
});

test('an expanded tensor is not written to: many of its elements lie at one place', () => {
  const x = tensor([1, 2]);
  const wide = x.expand(3, 2);
  const index = longhand.zeros([3, 2], { dtype: 'int64' });
  const writes = [
    () => wide.add_(1),
    () => wide.exp_(),
    () => wide.copy_(longhand.ones(3, 2)),
    () => wide.normal_(),
    () => wide.scatter_(0, index, 5),
  ];
  for (const write of writes) expect(write).toThrow('many elements lie at one place; each wants its own');
  expect(x.tolist()).toEqual([1, 2]);
  expect(wide.clone().add_(1).sum().item()).toBe(15);
});

describe('one sentence says what a function wants', () => {
  const given = (value: unknown) => value as never; // as from JavaScript
  const any = (...size: number[]) => longhand.zeros(...size) as Tensor<never> & Tensor;
  const table: [string, () => unknown, string][] = [
    ['tanh', () => longhand.tanh(given(0.5)), 'tanh: a number; it wants a tensor. Make one with tensor(…)'],
    ['mv', () => longhand.mv(given([[1]]), any(1)), 'mv: an array; it wants a tensor'],
    ['sum', () => longhand.sum(given(undefined)), 'sum: undefined; it wants a tensor'],
    ['maximum', () => any(2).maximum(given(0)), 'maximum: a number; it wants a tensor'],
    [
      'where',
      () => longhand.where(any(2), 1, 0),
      'where: a condition of float32; it wants bool. Compare, as in x.gt(0)',
    ],
    ['dot', () => any(2).dot(any(3)), 'dot: [2] and [3]; it wants two vectors of one length'],
    ['matmul', () => any(2, 3).matmul(any(2)), 'matmul: [2, 3] times [2]; the second wants 3 elements'],
    ['matmul, turned', () => any(2, 3).matmul(any(4, 3)), 'Did you mean its transpose, .t()?'],
    ['cat', () => longhand.cat(given([any(2, 3), any(2, 4)])), 'cat: [2, 3] and [2, 4] along dimension 0'],
    ['cat of one', () => longhand.cat(given(any(2))), 'cat: no list; it wants tensors in an array. As in cat([a, b])'],
    ['stack', () => longhand.stack(given([any(2), any(3)])), 'stack: [2] and [3]; all must be of one shape'],
    ['unsqueeze', () => any(2).unsqueeze(3), 'unsqueeze: dimension 3 of a tensor of 1 dimensions; it wants -2 to 1'],
    ['expand', () => any(2, 3).expand(2, 4), 'expand: [2, 3] to [2, 4]; only lengths of 1 can be repeated'],
    ['flatten', () => any(2, 3).flatten(1, 0), 'flatten: dimensions 1 to 0 of [2, 3]'],
    ['arange', () => longhand.arange(0, 5, -1), 'arange: from 0 to 5 in steps of -1; a step must lead'],
    ['full', () => longhand.full([2], given('1')), 'full: a value of type string; it wants a number'],
    ['zerosLike', () => longhand.zerosLike(given([2])), 'zerosLike: an array; it wants a tensor'],
    ['relu', () => any(2).gt(0).relu(), 'relu: a tensor of bool; relu wants numbers'],
  ];
  test.each(table)('%s', (_, wrong, message) => {
    expect(wrong).toThrow(ShapeError);
    expect(wrong).toThrow(message);
  });
});
