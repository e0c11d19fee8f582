import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as functions from '../src/index.ts';
import {
  empty,
  LonghandError,
  type NestedNumbers,
  ones,
  randn,
  ShapeError,
  Tensor,
  tensor,
  zeros,
} from '../src/index.ts';
import { golden } from './golden/logs.ts';

// ————— the same in plain arrays —————

/** A tensor without strides: a shape and the elements row by row. */
interface Plain {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const countOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (indices, length) => indices.flatMap(index => Array.from({ length }, (_, i) => [...index, i])),
    [[]],
  );
}

function at({ shape, values }: Plain, index: readonly number[]): number {
  const own = index.slice(index.length - shape.length).map((i, d) => (shape[d] === 1 ? 0 : i));
  return values[own.reduce((place, i, d) => place * shape[d]! + i, 0)]!;
}

function broadcastShape(a: readonly number[], b: readonly number[]): number[] | undefined {
  const dims = Math.max(a.length, b.length);
  const padded = [a, b].map(shape => [...Array<number>(dims - shape.length).fill(1), ...shape]);
  const pairs = padded[0]!.map((p, d) => [p, padded[1]![d]!] as const);
  return pairs.every(([p, q]) => p === q || p === 1 || q === 1) ? pairs.map(([p, q]) => (p === 1 ? q : p)) : undefined;
}

const plain = (t: Tensor): Plain => ({ shape: t.size(), values: ([t.tolist()] as unknown[]).flat(9) as number[] });

// ————— random tensors, seen through random views —————

const lengths = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
const value = fc.integer({ min: -64, max: 64 }).map(n => n / 8); // sums, differences and products are exact in float32

type Step = { kind: 't' | 'select' | 'narrow' | 'flatten' | 'contiguous' | 'split'; a: number; b: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('t', 'select', 'narrow', 'flatten', 'contiguous', 'split'),
    a: fc.nat(99),
    b: fc.nat(99),
  }),
  { maxLength: 4 },
);

/** One view, in the tensor and in plain arrays; where it is not possible, nothing. */
function step(t: Tensor, p: Plain, { kind, a, b }: Step): [Tensor, Plain] {
  const d = p.shape.length === 0 ? 0 : a % p.shape.length;
  const length = p.shape[d] ?? 0;
  const pick = (shape: number[], from: (index: number[]) => number[]): Plain => ({
    shape,
    values: indicesOf(shape).map(index => at(p, from(index))),
  });
  if (kind === 'contiguous') return [t.contiguous(), p];
  if (kind === 't' && p.shape.length <= 2) {
    return [(t as Tensor<[number, number]>).t() as Tensor, pick([...p.shape].reverse(), index => [...index].reverse())];
  }
  if (kind === 'select' && length > 0) {
    const i = b % length;
    const shape = p.shape.filter((_, k) => k !== d);
    return [t.select(d - (a % 2 ? p.shape.length : 0), i), pick(shape, index => index.toSpliced(d, 0, i))];
  }
  if (kind === 'narrow' && p.shape.length > 0) {
    const start = b % (length + 1);
    const kept = (a * 7) % (length - start + 1);
    const shape = p.shape.map((n, k) => (k === d ? kept : n));
    return [t.narrow(d, start, kept), pick(shape, index => index.map((i, k) => (k === d ? i + start : i)))];
  }
  if (kind === 'flatten') return [t.contiguous().view(-1) as Tensor, { shape: [p.values.length], values: p.values }];
  if (kind === 'split' && length === 4) {
    const shape = p.shape.toSpliced(d, 1, 2, 2); // a length of 4 always splits, whatever the strides
    return [t.view(...shape) as Tensor, { shape, values: p.values }];
  }
  return [t, p];
}

const ofShape = (shape: readonly number[]): fc.Arbitrary<[Tensor, Plain]> =>
  fc
    .tuple(fc.array(value, { minLength: countOf(shape), maxLength: countOf(shape) }))
    .map(([values]) => [new Tensor(Float32Array.from(values), shape, 'float32'), { shape, values }]);

const anyTensor: fc.Arbitrary<[Tensor, Plain]> = lengths
  .chain(ofShape)
  .chain(([t, p]) => steps.map(list => list.reduce<[Tensor, Plain]>(([t, p], s) => step(t, p, s), [t, p])));

/** Two tensors that broadcast, both through views of their own: lengths are dropped or made 1. */
const pair: fc.Arbitrary<[Tensor, Plain, Tensor, Plain]> = lengths.chain(shape => {
  const shrunk = fc
    .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([drop, one]) => shape.slice(drop).map((n, d) => (one[d] ? 1 : n)));
  // laid out with room around it, so that strides and offset are not those of dense storage
  const roomy = shrunk.chain(own =>
    ofShape(own.map(n => n + 1)).map(([t, p]): [Tensor, Plain] =>
      own.reduce<[Tensor, Plain]>(
        ([t, p], n, d) => {
          const shape = p.shape.map((m, k) => (k === d ? n : m));
          const values = indicesOf(shape).map(index =>
            at(
              p,
              index.map((i, k) => (k === d ? i + 1 : i)),
            ),
          );
          return [t.narrow(d, 1, n), { shape, values }];
        },
        [t, p],
      ),
    ),
  );
  const dense = shrunk.chain(ofShape);
  const either = fc.oneof(roomy, dense);
  return fc.tuple(either, either).map(([[t, p], [u, q]]) => [t, p, u, q]);
});

const float32 = (values: readonly number[]): number[] => values.map(x => Math.fround(x) + 0); // −0 is 0 here
const same = (t: Tensor, shape: readonly number[], values: readonly number[]): void => {
  expect(t.size()).toEqual([...shape]);
  expect(plain(t).values.map(x => x + 0)).toEqual(float32(values));
};

// ————— properties —————

test('views show the elements that plain arrays would', () => {
  fc.assert(
    fc.property(anyTensor, ([t, p]) => {
      same(t, p.shape, p.values);
      expect([...t.elements()]).toEqual(p.values);
      expect(t.numel()).toBe(p.values.length);
      expect(t.dim()).toBe(p.shape.length);
    }),
    { numRuns: 1500 },
  );
});

test('tensor(x.tolist()) is x again, through any view', () => {
  fc.assert(
    fc.property(anyTensor, ([t, p]) => {
      const back = tensor(t.tolist() as NestedNumbers & readonly unknown[]) as Tensor;
      if (!p.shape.includes(0)) expect(back.size()).toEqual([...p.shape]); // [] does not tell [0, 3] from [0]
      expect(back.tolist()).toEqual(t.tolist());
    }),
  );
});

const binary: readonly [string, (x: number, y: number) => number][] = [
  ['add', (x, y) => x + y],
  ['sub', (x, y) => x - y],
  ['mul', (x, y) => x * y],
  ['div', (x, y) => x / y],
  ['eq', (x, y) => Number(x === y)],
  ['ne', (x, y) => Number(x !== y)],
  ['lt', (x, y) => Number(x < y)],
  ['le', (x, y) => Number(x <= y)],
  ['gt', (x, y) => Number(x > y)],
  ['ge', (x, y) => Number(x >= y)],
];
type Binary = (other: Tensor | number) => Tensor;
const method = (t: Tensor, name: string): Binary => (t as unknown as Record<string, Binary>)[name]!.bind(t);

test.each(binary)('%s is element by element, broadcasting as plain arrays would', (name, f) => {
  fc.assert(
    fc.property(pair, ([t, p, u, q]) => {
      const shape = broadcastShape(p.shape, q.shape)!;
      same(
        method(t, name)(u),
        shape,
        indicesOf(shape).map(index => f(at(p, index), at(q, index))),
      );
      same(t, p.shape, p.values); // the operands are as they were
      same(u, q.shape, q.values);
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(anyTensor, value, ([t, p], y) =>
      same(
        method(t, name)(y),
        p.shape,
        p.values.map(x => f(x, y)),
      ),
    ),
    { numRuns: 200 },
  );
});

test.each(binary.slice(0, 4))('%s_ writes the same into the tensor itself, and into nothing beside it', (name, f) => {
  fc.assert(
    fc.property(pair, ([t, p, u, q]) => {
      if (broadcastShape(p.shape, q.shape)!.join() !== p.shape.join()) return;
      const wanted = indicesOf(p.shape).map(index => f(at(p, index), at(q, index)));
      const sum = (data: ArrayLike<number>) => Array.from(data).filter(Number.isNaN).length;
      const beside = t.data.length - t.numel();
      const mark = new Tensor(t.data.slice(), t.shape, t.dtype, t.strides, t.offset);
      mark.fill_(NaN);
      expect(sum(mark.data)).toBe(mark.numel()); // fill_ reaches exactly its own elements
      expect(method(t, `${name}_`)(u)).toBe(t);
      same(t, p.shape, wanted);
      const untouched = Array.from(mark.data).filter((x, i) => !Number.isNaN(x) && x === t.data[i]).length;
      expect(untouched).toBe(beside);
    }),
    { numRuns: 300 },
  );
});

test('shapes that plain arrays would not broadcast are refused', () => {
  fc.assert(
    fc.property(anyTensor, anyTensor, ([t, p], [u, q]) => {
      if (broadcastShape(p.shape, q.shape)) t.add(u);
      else expect(() => t.add(u)).toThrow(/^add: .* do not broadcast/);
    }),
  );
});

const unary: readonly [string, (x: number) => number][] = [
  ['neg', x => -x],
  ['abs', Math.abs],
  ['exp', Math.exp],
  ['log', Math.log],
  ['tanh', Math.tanh],
  ['sqrt', Math.sqrt],
];
test.each(unary)('%s is element by element, in place as well', (name, f) => {
  fc.assert(
    fc.property(anyTensor, ([t, p]) => {
      const close = (u: Tensor) => {
        expect(u.size()).toEqual([...p.shape]);
        for (const [i, y] of plain(u).values.entries()) {
          const wanted = Math.fround(f(p.values[i]!));
          if (Number.isFinite(wanted)) expect(Math.abs(y - wanted)).toBeLessThanOrEqual(1.2e-7 * Math.abs(wanted));
          else expect(y).toEqual(wanted);
        }
      };
      close((t as unknown as Record<string, () => Tensor>)[name]!());
      same(t, p.shape, p.values);
      const copy = t.clone();
      expect((copy as unknown as Record<string, () => Tensor>)[`${name}_`]!()).toBe(copy);
      close(copy);
    }),
    { numRuns: 200 },
  );
});

test('sum, mean, std, max and argmax over everything and along each dimension, kept or not', () => {
  const largest = (xs: readonly number[]) => xs.indexOf(Math.max(...xs));
  const std = (xs: readonly number[]) => {
    const mean = xs.reduce((a, b) => a + b, 0) / xs.length;
    return Math.sqrt(xs.reduce((a, x) => a + (x - mean) ** 2, 0) / (xs.length - 1));
  };
  const reductions: readonly [string, (xs: readonly number[]) => number][] = [
    ['sum', xs => xs.reduce((a, b) => a + b, 0)],
    ['mean', xs => xs.reduce((a, b) => a + b, 0) / xs.length],
    ['std', std],
    ['max', xs => xs[largest(xs)]!],
    ['argmax', largest],
  ];
  fc.assert(
    fc.property(anyTensor, fc.constantFrom(...reductions), fc.boolean(), ([t, p], [name, f], fromBack) => {
      const reduce = (t as unknown as Record<string, (d?: number, k?: boolean) => Tensor>)[name]!.bind(t);
      const choosing = name === 'max' || name === 'argmax';
      if (p.values.length === 0 && choosing) expect(() => reduce()).toThrow(`${name}: no elements`);
      else same(reduce(), [], [f(p.values)]);
      for (const [d, length] of p.shape.entries()) {
        const dim = fromBack ? d - p.shape.length : d;
        if (length === 0 && choosing) {
          expect(() => reduce(dim)).toThrow(`${name}: no elements`);
          continue;
        }
        const shape = p.shape.filter((_, k) => k !== d);
        const wanted = indicesOf(shape).map(index =>
          f(Array.from({ length }, (_, i) => at(p, index.toSpliced(d, 0, i)))),
        );
        for (const keepdim of [false, true]) {
          let result = reduce(dim, keepdim) as Tensor | { values: Tensor; indices: Tensor };
          const kept = keepdim ? p.shape.map((n, k) => (k === d ? 1 : n)) : shape;
          if ('indices' in result) {
            expect(result.indices.tolist()).toEqual(t.argmax(dim, keepdim).tolist());
            result = result.values;
          }
          same(result, kept, wanted);
        }
      }
    }),
    { numRuns: 400 },
  );
});

test('mv, mm and outer are the sums of products, through transposes and parts', () => {
  const matrix = (r: number, c: number) =>
    fc.boolean().chain(turned =>
      ofShape(turned ? [c, r + 1] : [r + 1, c]).map(([t]) => {
        const whole = (turned ? (t as Tensor<[number, number]>).t() : t) as Tensor<[number, number]>;
        return whole.narrow(0, 1, r) as Tensor<[number, number]>;
      }),
    );
  const sizes = fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6));
  fc.assert(
    fc.property(
      sizes.chain(([r, k, c]) => fc.tuple(matrix(r, k), matrix(k, c), fc.constant([r, k, c] as const))),
      ([a, b, [r, k, c]]) => {
        const [x, y] = [a.tolist(), b.tolist()];
        const dot = (i: number, j: number) =>
          Array.from({ length: k }, (_, n) => x[i]![n]! * y[n]![j]!).reduce((p, q) => p + q, 0);
        same(
          a.mm(b) as Tensor,
          [r, c],
          indicesOf([r, c]).map(([i, j]) => dot(i!, j!)),
        );
        if (c > 0) {
          const v = b.select(1, 0) as Tensor<[number]>;
          same(
            a.mv(v) as Tensor,
            [r],
            Array.from({ length: r }, (_, i) => dot(i, 0)),
          );
          if (r > 0) {
            const u = a.select(0, 0) as Tensor<[number]>;
            same(
              u.outer(v) as Tensor,
              [k, k],
              indicesOf([k, k]).map(([i, j]) => x[0]![i!]! * y[j!]![0]!),
            );
          }
        }
      },
    ),
    { numRuns: 400 },
  );
});

// ————— storage —————

describe('what shares storage and what does not', () => {
  test('view, t, select and narrow look at the same numbers', () => {
    const m = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    m.t().select(0, 2).fill_(0);
    m.view(6).narrow(0, 0, 2).mul_(10);
    m.select(0, 1).narrow(0, 1, 1).add_(0.5);
    expect(m.tolist()).toEqual([
      [10, 20, 0],
      [4, 5.5, 0],
    ]);
  });
  test('everything else makes its own', () => {
    const m = tensor([
      [1, 2],
      [3, 4],
    ]);
    const made: Tensor[] = [
      m.clone(),
      m.add(0),
      m.mul(1),
      m.pow(1),
      m.pow(2),
      m.neg(),
      m.abs(),
      m.mm(m),
      m.t().contiguous(),
      m.indexSelect(0, tensor([0, 1]).long()),
      m.to('float32', true),
      m.double(),
      m.sum(0),
      m.max(1).values,
    ];
    for (const t of made) t.fill_(99);
    expect(m.tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(m.contiguous()).toBe(m);
    expect(m.float()).toBe(m);
  });
  test('size() and tolist() are copies: changing them changes no tensor', () => {
    const m = zeros(2, 2);
    m.size()[0] = 7 as 2;
    m.tolist()[0]![0] = 7;
    expect([m.size(), m.tolist()]).toEqual([
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ]);
  });
  test('an operand that overlaps the result is read before it is written', () => {
    const m = tensor([
      [0, 1],
      [2, 3],
    ]);
    expect(m.clone().add_(m.clone()).tolist()).toEqual([
      [0, 2],
      [4, 6],
    ]);
    const a = m.clone();
    expect(a.add_(a.t()).tolist()).toEqual([
      [0, 3],
      [3, 6],
    ]);
    const b = m.clone();
    expect(b.sub_(b.select(0, 1)).tolist()).toEqual([
      [-2, -2],
      [0, 0],
    ]);
    const c = tensor([1, 2, 3, 4]);
    c.narrow(0, 1, 3).copy_(c.narrow(0, 0, 3));
    expect(c.tolist()).toEqual([1, 1, 2, 3]);
    const d = tensor([2, 4, 8]);
    expect(d.div_(d.select(0, 0)).tolist()).toEqual([1, 2, 4]);
  });
  test('a part without elements writes nothing', () => {
    const m = zeros(4, 5);
    m.narrow(1, 0, 3).narrow(0, 0, 0).fill_(7).add_(1).normal_();
    expect(m.abs().sum().item()).toBe(0);
  });
});

// ————— one by one —————

describe('making tensors', () => {
  test('empty is NaN until it is given values; whole numbers and bools, which have none, are 0', () => {
    expect(empty(2).tolist()).toEqual([NaN, NaN]);
    expect(empty([2], { dtype: 'float64' }).tolist()).toEqual([NaN, NaN]);
    expect(empty([2], { dtype: 'int64' }).tolist()).toEqual([0, 0]);
    expect(empty([2], { dtype: 'bool' }).tolist()).toEqual([0, 0]);
  });
  test('zeros, ones and randn of a size, or of a size with a type', () => {
    expect(zeros(2, 1).tolist()).toEqual([[0], [0]]);
    expect(ones([2], { dtype: 'int64' }).dtype).toBe('int64');
    expect(zeros().item()).toBe(0);
    expect(randn(3, 4).size()).toEqual([3, 4]);
    expect(zeros(0, 3).tolist()).toEqual([]);
  });
  test('a size may be the shape of another tensor, and rows may be typed arrays', () => {
    expect(zeros(zeros(2, 3).shape).shape).toEqual([2, 3]);
    const bytes = Uint8Array.of(1, 2);
    const x = tensor(bytes);
    bytes[0] = 9;
    expect(x.tolist()).toEqual([1, 2]);
    expect(tensor([bytes, [3, 4]]).tolist()).toEqual([
      [9, 2],
      [3, 4],
    ]);
  });
  test('tensor rounds to float32 unless asked otherwise', () => {
    expect(tensor(0.1).item()).toBe(Math.fround(0.1));
    expect(tensor(0.1, { dtype: 'float64' }).item()).toBe(0.1);
    expect(tensor([2.7, -2.7], { dtype: 'int64' }).tolist()).toEqual([2, -2]);
    expect(tensor([0, 0.5, NaN], { dtype: 'bool' }).tolist()).toEqual([0, 1, 1]);
  });
});

describe('types of elements', () => {
  test.each([
    ['float32', 'float32', 'float32'],
    ['float32', 'float64', 'float64'],
    ['int64', 'float32', 'float32'],
    ['bool', 'int64', 'int64'],
    ['bool', 'float32', 'float32'],
    ['int64', 'int64', 'int64'],
  ] as const)('%s and %s meet in %s', (a, b, both) => {
    for (const [p, q] of [
      [a, b],
      [b, a],
    ] as const) {
      expect(ones([2], { dtype: p }).add(ones([2], { dtype: q })).dtype).toBe(both);
    }
  });
  test('a number takes the tensor’s type unless that cannot hold it', () => {
    const labels = tensor([1, 2]).long();
    expect(labels.add(1).dtype).toBe('int64');
    expect(labels.add(0.5).dtype).toBe('float32');
    expect(labels.mul(0.5).tolist()).toEqual([0.5, 1]);
    expect(tensor([1]).double().add(0.1).item()).toBe(1.1);
    expect(functions.sub(1, labels).dtype).toBe('int64');
  });
  test('bools meet a number on either side in its type, and each other in bool', () => {
    const bool = tensor([1, 0], { dtype: 'bool' });
    for (const sum of [bool.add(1), functions.add(1, bool)]) {
      expect(sum.dtype).toBe('int64');
      expect(sum.tolist()).toEqual([2, 1]);
    }
    expect(functions.add(0.5, bool).dtype).toBe('float32');
    expect(bool.pow(2).dtype).toBe('int64');
    for (const both of [bool.add(bool), bool.mul(bool)]) {
      expect(both.dtype).toBe('bool');
      expect(both.tolist()).toEqual([1, 0]);
    }
  });
  test('division of whole numbers is true division, comparisons are bools', () => {
    expect(
      tensor([3])
        .long()
        .div(tensor([2]).long())
        .tolist(),
    ).toEqual([1.5]);
    expect(tensor([3]).long().div(2).dtype).toBe('float32');
    expect(tensor([3]).eq(3).dtype).toBe('bool');
    expect(tensor([1, 2, 3]).gt(1).sum().item()).toBe(2);
  });
  test('whole numbers stay whole up to 2⁵³', () => {
    const big = tensor([2 ** 53 - 1], { dtype: 'int64' });
    expect(big.item()).toBe(2 ** 53 - 1);
    expect(big.float().item()).toBe(2 ** 53);
  });
});

test('a number on the left: sub(1, x), div(1, x), pow(2, x)', () => {
  const x = tensor([1, 2, 4]);
  expect(functions.sub(1, x).tolist()).toEqual([0, -1, -3]);
  expect(functions.div(1, x).tolist()).toEqual([1, 0.5, 0.25]);
  expect(functions.pow(2, x).tolist()).toEqual([2, 4, 16]);
  expect(functions.add(x, 1).tolist()).toEqual([2, 3, 5]);
  expect(functions.mul(2, x).tolist()).toEqual([2, 4, 8]);
});

test('pow by whole, broken and negative exponents', () => {
  expect(tensor([2, 3]).pow(3).tolist()).toEqual([8, 27]);
  expect(tensor([4, 2]).pow(-1).tolist()).toEqual([0.25, 0.5]);
  expect(tensor([4, 9]).pow(0.5).tolist()).toEqual([2, 3]);
  expect(tensor([4, 9]).pow_(2).tolist()).toEqual([16, 81]);
  expect(
    tensor([-8])
      .pow(1 / 3)
      .item(),
  ).toBeNaN();
});

describe('the largest element', () => {
  test('is the first one on a tie, along any dimension', () => {
    expect(tensor([1, 3, 3, 0]).argmax().item()).toBe(1);
    expect(
      tensor([
        [1, 1],
        [1, 1],
      ])
        .argmax(0)
        .tolist(),
    ).toEqual([0, 0]);
    expect(zeros(10).argmax().item()).toBe(0);
  });
  test('is NaN where there is one', () => {
    expect(tensor([1, NaN, 5, NaN]).max().item()).toBeNaN();
    expect(tensor([1, NaN, 5, NaN]).argmax().item()).toBe(1);
  });
  test('may be −Infinity', () => expect(tensor([-Infinity, -Infinity]).argmax().item()).toBe(0));
});

test('NaN and Infinity go through arithmetic; NaN equals nothing', () => {
  const x = tensor([NaN, Infinity, -Infinity]);
  expect(x.add(1).tolist()).toEqual([NaN, Infinity, -Infinity]);
  expect(x.eq(x).tolist()).toEqual([0, 1, 1]);
  expect(x.mul(0).tolist()).toEqual([NaN, NaN, NaN]);
  expect(x.sum().item()).toBeNaN();
  expect(tensor([1]).std().item()).toBeNaN(); // of one element, as torch
  expect(empty(0).mean().item()).toBeNaN();
});

test('scatter_ makes one-hot labels, and writes a tensor’s values along either dimension', () => {
  const labels = tensor([2, 0]).long();
  expect(zeros(2, 3).scatter_(1, labels.view(-1, 1), 1).tolist()).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ]);
  const index = tensor([[1, 0]]).long();
  expect(
    zeros(2, 2)
      .scatter_(0, index, tensor([[5, 6]]))
      .tolist(),
  ).toEqual([
    [0, 6],
    [5, 0],
  ]);
  const wide = zeros(3, 2);
  wide.t().scatter_(1, tensor([[2], [1]]).long(), 7);
  expect(wide.tolist()).toEqual([
    [0, 0],
    [0, 7],
    [7, 0],
  ]);
});

test('indexSelect takes rows or columns in any order, with repetitions', () => {
  const m = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  expect(m.indexSelect(0, tensor([2, 0, 2]).long()).tolist()).toEqual([
    [5, 6],
    [1, 2],
    [5, 6],
  ]);
  expect(m.indexSelect(1, tensor([1]).long()).tolist()).toEqual([[2], [4], [6]]);
  expect(
    m
      .t()
      .indexSelect(1, tensor([0, 1]).long())
      .tolist(),
  ).toEqual([
    [1, 3],
    [2, 4],
  ]);
});

test('scatter_ reads its index and its source before it writes over them', () => {
  const x = tensor([1, 2, 3]);
  expect(x.scatter_(0, tensor([1, 2, 0]).long(), x).tolist()).toEqual([3, 1, 2]);
  const index = tensor([1, 2, 0]).long();
  expect(index.scatter_(0, index, 5).tolist()).toEqual([5, 5, 5]);
});

test('a tensor of no dimensions may be reduced along 0 and −1, as if it had one', () => {
  for (const dim of [0, -1] as const) {
    expect(tensor(5).sum(dim).item()).toBe(5);
    expect(tensor(5).mean(dim, true).shape).toEqual([]);
    expect(tensor(5).max(dim).indices.item()).toBe(0);
  }
});

test('allclose: near is close, NaN and Infinity are not near anything', () => {
  expect(tensor([1, 2]).allclose(tensor([1 + 1e-6, 2]))).toBe(true);
  expect(tensor([1, 2]).allclose(tensor([1.001, 2]))).toBe(false);
  expect(tensor([1, 2]).allclose(tensor([1.001, 2]), 0.01)).toBe(true);
  expect(tensor([0]).allclose(tensor([1e-9]))).toBe(true);
  expect(tensor([NaN]).allclose(tensor([NaN]))).toBe(false);
  expect(tensor([Infinity]).allclose(tensor([Infinity]))).toBe(true);
  expect(tensor([1]).allclose(tensor([Infinity]))).toBe(false);
  expect(tensor([-Infinity]).allclose(tensor([Infinity]))).toBe(false);
  expect(ones(2, 3).allclose(ones(3))).toBe(true);
});

describe('a tensor prints as torch’s does', () => {
  const int = { dtype: 'int64' } as const;
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
  const tensors: Record<string, Tensor> = {
    scalar: tensor(1),
    fraction: tensor(0.123456),
    whole: tensor([1, 2, -30]),
    mixed: tensor([
      [1.5, -2.25],
      [300, 4],
    ]),
    small: tensor([1e-6, 2]),
    ratio: tensor([1, 10000]),
    wide: tensor([0.5, 600]),
    special: tensor([NaN, Infinity, -Infinity, 1.5]),
    'special and whole': tensor([NaN, Infinity, 1]),
    labels: tensor([5, 0, 4, 123], int),
    bool: tensor([1, 0], { dtype: 'bool' }),
    cube: tensor(upTo(12)).view(2, 3, 2),
    long: tensor(upTo(30)),
    summary: tensor(upTo(2000)).view(2, 1000).div(2000),
    'summary of whole numbers': tensor(upTo(1001), int),
    empty: zeros(0),
    'empty rows': zeros(0, 3),
    'rows of nothing': zeros(2, 0),
    float64: tensor([0.5], { dtype: 'float64' }),
    'minus zero': tensor([-0, 1.5]),
    'infinite and whole': tensor([-Infinity, 1]),
    'long matrix': tensor(upTo(36)).view(2, 18).div(8).add(0.25),
    'empty labels': zeros([0], int),
    zeros: zeros(2, 2),
    large: tensor([123456789, 1]),
  };
  test.each(Object.entries(golden<Record<string, string>>('pytorch-print.json')))('%s', (name, text) => {
    expect(String(tensors[name])).toBe(text);
  });
});

// ————— what is refused —————

describe('an error says the operation, what came and what was wanted', () => {
  const any = (...size: number[]): Tensor<never> & Tensor => zeros(...size) as Tensor as Tensor<never> & Tensor;
  const whole = (...size: number[]): Tensor<never> & Tensor => any(...size).long() as Tensor<never> & Tensor;
  const untyped = (value: unknown) => value as never; // as from JavaScript
  const table: [string, () => unknown, string][] = [
    ['mv', () => any(10, 50).mv(any(784)), 'mv: the matrix is [10, 50] but v is [784]; it wants [50]'],
    ['mv, turned', () => any(10, 50).mv(any(10)), 'it wants [50]. Did you mean the transpose, .t()?'],
    [
      'mv of a matrix',
      () => any(2, 3).mv(any(3, 1)),
      'mv: [2, 3] times [3, 1]; it wants a matrix times a vector. Did you mean mm?',
    ],
    ['mm', () => any(2, 3).mm(any(4, 5)), 'mm: [2, 3] times [4, 5]; the second wants [3, …]'],
    ['mm, turned', () => any(2, 3).mm(any(5, 3)), 'Did you mean its transpose, .t()?'],
    [
      'mm of a vector',
      () => any(2, 3).mm(any(3)),
      'mm: [2, 3] times [3]; it wants a matrix times a matrix. Did you mean mv',
    ],
    ['outer', () => any(2, 1).outer(any(3)), 'outer: [2, 1] and [3]; it wants a vector and a vector'],
    [
      'add',
      () => any(50).add(any(10)),
      'add: [50] and [10] do not broadcast: aligned at the right, 50 meets 10; lengths must be equal or 1',
    ],
    ['add_', () => any(1).add_(any(3)), 'add_: [3] does not broadcast to [1], and an in-place result cannot grow'],
    ['copy_', () => any(2).copy_(any(2, 2)), 'copy_: [2, 2] does not broadcast to [2]'],
    ['t', () => any(2, 2, 2).t(), 't: a tensor of shape [2, 2, 2]; t() wants at most two dimensions'],
    ['view', () => any(2, 3).view(4, 2), 'view: [2, 3] has 6 elements, which cannot be seen as [4, 2]'],
    ['view, −1', () => any(2, 3).view(-1, 4), 'view: [2, 3] has 6 elements, which cannot be seen as [-1, 4]'],
    ['view, two −1', () => any(2, 3).view(-1, -1), 'view: [-1, -1] has more than one −1'],
    ['view of a transpose', () => any(2, 3).t().view(6), 'Make a copy first with contiguous()'],
    ['select', () => any(2, 3).select(1, 3), 'select: index 3 of dimension 1, which has length 3 in [2, 3]'],
    ['select, broken', () => any(2).select(0, 0.5), 'select: index 0.5'],
    [
      'select, dimension',
      () => any(2, 3).select(2, 0),
      'select: dimension 2 of a tensor of shape [2, 3]; it has dimensions -2 to 1',
    ],
    ['select, scalar', () => any().select(0, 0), 'select: dimension 0 of a tensor of shape []; it has none'],
    ['narrow', () => any(5).narrow(0, 3, 3), 'narrow: entries 3 to 5 of dimension 0, which has length 5 in [5]'],
    ['size', () => any(5).size(1), 'size: dimension 1 of a tensor of shape [5]'],
    ['item', () => any(2).item(), 'item: a tensor of shape [2] has 2 elements; item() wants one'],
    ['item, none', () => any(0).item(), 'has 0 elements'],
    ['max', () => any(0).max(), 'max: no elements to choose from in a tensor of shape [0]'],
    ['argmax', () => any(2, 0).argmax(1), 'argmax: no elements to choose from in a tensor of shape [2, 0]'],
    ['sum', () => any(2).sum(1), 'sum: dimension 1'],
    ['mean', () => whole(2).mean(), 'mean: a tensor of int64; mean wants float32 or float64. Convert it with .float()'],
    ['std', () => whole(2).std(), 'std: a tensor of int64'],
    ['exp_', () => whole(2).exp_(), 'exp_: a tensor of int64'],
    ['normal_', () => whole(2).normal_(), 'normal_: a tensor of int64'],
    ['normal_, std', () => any(2).normal_(0, -1), 'normal_: a standard deviation of -1; it must be 0 or more'],
    ['uniform_', () => any(2).uniform_(1, 0), 'uniform_: from 1 to 0'],
    ['add_ of a fraction', () => whole(2).add_(0.5), 'add_: a result of float32 does not fit into a tensor of int64'],
    ['div_ of whole numbers', () => whole(2).div_(2), 'div_: a result of float32 does not fit into a tensor of int64'],
    ['pow of whole numbers', () => whole(2).pow(-1), 'pow: a negative power of whole numbers'],
    ['add_ of bools', () => zeros([2], { dtype: 'bool' }).add_(1), 'add_: a tensor of bool; add_ wants numbers'],
    ['sub of bools', () => zeros([2], { dtype: 'bool' }).sub(1), 'sub: a tensor of bool; sub wants numbers'],
    ['bools from 1', () => functions.sub(1, zeros([2], { dtype: 'bool' })), 'sub: a tensor of bool'],
    ['sub_ of bools', () => any(2).sub_(zeros([2], { dtype: 'bool' })), 'sub_: a tensor of bool'],
    ['neg of bools', () => zeros([2], { dtype: 'bool' }).neg(), 'neg: a tensor of bool; neg wants numbers'],
    [
      'scatter_',
      () => any(2, 3).scatter_(1, tensor([[3]]).long(), 1),
      'scatter_: index 3 into a dimension of length 3',
    ],
    ['scatter_, index', () => any(2, 3).scatter_(1, whole(2), 1), 'scatter_: an index of shape [2] into [2, 3]'],
    [
      'scatter_, source',
      () => any(2, 3).scatter_(1, whole(2, 1), any(2)),
      'scatter_: a source of shape [2] for an index of shape [2, 1]',
    ],
    [
      'scatter_, small source',
      () => any(2, 3).scatter_(1, whole(2, 2), any(2, 1)),
      'scatter_: a source of shape [2, 1] for an index of shape [2, 2]',
    ],
    [
      'scatter_, type of index',
      () => any(2).scatter_(0, any(2), 1),
      'scatter_: an index of float32; it wants int64. Convert it with .long()',
    ],
    [
      'indexSelect',
      () => any(2, 3).indexSelect(0, whole(1, 1)),
      'indexSelect: an index of shape [1, 1]; it wants one dimension',
    ],
    [
      'indexSelect, index',
      () => any(2, 3).indexSelect(0, tensor([2]).long()),
      'index 2 of dimension 0, which has length 2 in [2, 3]',
    ],
    ['allclose', () => any(2).allclose(any(3)), 'allclose: [2] and [3] do not broadcast'],
    [
      'tensor, ragged',
      () => tensor([[1, 2], [3]]),
      'tensor: rows of length 2, then one of length 1; all rows must have one length',
    ],
    ['tensor, mixed', () => tensor([[1], 2]), 'tensor: rows of length 1, then a number'],
    ['tensor, text', () => tensor(['1']), 'tensor: 1 (string) among the numbers'],
    ['zeros', () => zeros(2, -1), 'zeros: a length of -1 in [2, -1]; lengths are whole numbers, 0 or more'],
    ['zeros, too many', () => zeros(1e10, 1e10), 'zeros: there is no memory for the 100000000000000000000 elements'],
    [
      'zeros, type',
      () => zeros([2], untyped({ dtype: 'float16' })),
      'zeros: no tensor is of type float16; take one of',
    ],
    ['tensor, type', () => tensor([2], untyped({ dtype: 'int' })), 'tensor: no tensor is of type int'],
    ['to', () => any(2).to(untyped('double')), 'to: no tensor is of type double'],
    [
      'Tensor',
      () => new Tensor(new Float32Array(2), [5], 'float32'),
      'Tensor: [5] from 0 on wants 5 elements of storage; it has 2',
    ],
    ['randn', () => randn(1.5), 'randn: a length of 1.5'],
    ['randperm', () => functions.randperm(-1), 'randperm: a length of -1'],
    ['mv of an array', () => any(2, 3).mv(untyped([1, 2, 3])), 'mv: an array; it wants a tensor. Make one with tensor'],
    ['mm of an object', () => any(2, 3).mm(untyped({})), 'mm: an object; it wants a tensor'],
    ['outer of a number', () => any(2).outer(untyped(1)), 'outer: a number; it wants a tensor'],
    ['add of nothing', () => any(2).add(untyped(undefined)), 'add: undefined; it wants a tensor or a number'],
    ['add_ of null', () => any(2).add_(untyped(null)), 'add_: null; it wants a tensor or a number'],
    ['copy_ of a number', () => any(2).copy_(untyped(1)), 'copy_: a number; it wants a tensor'],
    ['a text on the left', () => functions.add(untyped('1'), any(2)), 'add: a string; it wants a tensor or a number'],
    ['two numbers', () => functions.add(untyped(1), untyped(2)), 'add: a number; it wants a tensor'],
  ];
  test.each(table)('%s', (_, wrong, message) => {
    expect(wrong).toThrow(ShapeError);
    expect(wrong).toThrow(LonghandError);
    expect(wrong).toThrow(message);
  });
});

test('the parts of an error are there one by one, and what it wraps as its cause', () => {
  const thrown = (f: () => unknown): unknown => {
    try {
      f();
    } catch (error) {
      return error;
    }
    return undefined;
  };
  expect(thrown(() => (zeros(10, 50) as Tensor as Tensor<[50, 10]>).mv(zeros(10)))).toMatchObject({
    operation: 'mv',
    came: 'the matrix is [10, 50] but v is [10]',
    wanted: 'it wants [50]',
    advice: 'Did you mean the transpose, .t()?',
  });
  expect(thrown(() => zeros(1e10, 1e10))).toMatchObject({ advice: 'Take fewer', cause: { name: 'RangeError' } });
  expect({ ...new LonghandError('in one line') }).toEqual({ name: 'LonghandError' }); // no empty parts in a stack
});

test('an operation that is refused has changed nothing', () => {
  const x = tensor([1, 2, 3]);
  expect(() => x.add_(zeros(4) as Tensor as Tensor<[3]>)).toThrow(ShapeError);
  expect(x.tolist()).toEqual([1, 2, 3]);
  const oneHot = zeros(3, 4);
  expect(() => oneHot.scatter_(1, tensor([[0], [4], [1]]).long(), 1)).toThrow(ShapeError);
  expect(oneHot.sum().item()).toBe(0);
});
