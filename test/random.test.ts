import { describe, expect, test } from 'vitest';
import { empty, Generator, initialParameters, manualSeed, randn, randperm, type Tensor } from '../src/index.ts';
import { golden } from './golden/logs.ts';

// What PyTorch itself draws, from test/golden/make_pytorch.py.

type Excerpt = { values: number[] } | { first: number[]; last: number[]; sumAbs: number };
type Draw = ['normal' | 'uniform' | 'randn', number, Excerpt] | ['randperm', number, number[]];
const pytorch = golden<Record<string, unknown>>('pytorch-init.json');

function expectDrawn(drawn: Tensor, wanted: Excerpt, tolerance = 1e-6): void {
  const values = [...drawn.elements()];
  const listed = 'values' in wanted ? wanted.values : [...wanted.first, ...wanted.last];
  const ours = 'values' in wanted ? values : [...values.slice(0, 20), ...values.slice(-5)];
  expect(ours).toHaveLength(listed.length);
  for (const [k, value] of listed.entries()) {
    expect(Math.abs(ours[k]! - value), `value ${k}: ${ours[k]}, PyTorch ${value}`).toBeLessThanOrEqual(
      tolerance * Math.abs(value),
    );
  }
  if ('sumAbs' in wanted) {
    const sum = values.reduce((sum, x) => sum + Math.abs(x), 0);
    expect(Math.abs(sum / wanted.sumAbs - 1)).toBeLessThanOrEqual(1e-6);
  }
}

/** The program of draws() in make_pytorch.py. */
function expectSameDraws(generator: Generator, name: string): void {
  let uniforms = 0;
  for (const [kind, n, wanted] of pytorch[name] as Draw[]) {
    if (kind === 'randperm') {
      expect(randperm(n, generator).tolist()).toEqual(wanted);
    } else if (kind === 'uniform') {
      const [from, to] = uniforms++ === 0 ? [0, 1] : [-3, 0.7];
      expectDrawn(empty(n).uniform_(from, to, generator), wanted, 0); // the same bits
    } else {
      expectDrawn(empty(n).normal_(0, 1, generator), wanted);
    }
  }
}

test.each([0, 1])('manualSeed(%i) draws the initial parameters that PyTorch draws', seed => {
  manualSeed(seed);
  const parameters = initialParameters({ inputs: 784, hidden: 50, classes: 10 });
  for (const [name, wanted] of Object.entries(pytorch[`init ${seed}`] as Record<string, Excerpt>)) {
    expectDrawn(parameters[name as keyof typeof parameters] as Tensor, wanted);
  }
});

describe('one stream of small and large tensors, uniform numbers and permutations is PyTorch’s', () => {
  test.each([0, 1, 123456789, 2 ** 32 + 5])('from seed %i', seed => {
    expectSameDraws(new Generator(seed), `draws ${seed}`);
  });
  test('from no seed at all', () => expectSameDraws(new Generator(), 'unseeded'));
});

test('only the low 32 bits of a seed count, negative ones included', () => {
  const words = (seed: number) =>
    Array.from(
      { length: 5 },
      (
        (g: Generator) => () =>
          g.word()
      )(new Generator(seed)),
    );
  expect(words(2 ** 32 + 5)).toEqual(words(5));
  expect(words(-1)).toEqual(words(2 ** 32 - 1));
});

test('seeding again drops the normal value that was kept back', () => {
  manualSeed(3);
  empty(1).normal_();
  manualSeed(3);
  expectDrawn(empty(2).normal_(), pytorch['reseeded 3'] as Excerpt);
});

test('a state that was taken in mid-stream continues the stream, the kept value included', () => {
  manualSeed(8);
  randn(701); // into the second 624 words
  empty(3).normal_();
  const generator = manualSeed(8);
  randn(701);
  empty(3).normal_();
  const state = generator.getState();
  expect(state.spareNormal).not.toBeNull();
  const next = [...empty(2).normal_().elements(), ...randn(40).elements(), ...randperm(9).elements()];
  generator.manualSeed(1).setState(state);
  expect([...empty(2).normal_().elements(), ...randn(40).elements(), ...randperm(9).elements()]).toEqual(next);
  expect(() => generator.setState({ ...state, next: 625 })).toThrow('624');
  expect(() => generator.setState({ ...state, words: new Uint32Array(3) })).toThrow('3 words');
});

test('a normal or uniform fill of a transposed matrix fills every element', () => {
  const matrix = empty(20, 30);
  matrix.t().normal_(0, 1, new Generator(2));
  expect([...matrix.elements()].every(Number.isFinite)).toBe(true);
  const x = randn([1000], { dtype: 'float64' });
  expect(Math.abs(x.mean().item())).toBeLessThan(0.2);
  expect(Math.abs(x.std().item() - 1)).toBeLessThan(0.1);
});

test('a seed that is no whole number is refused', () => {
  for (const seed of [0.5, NaN, Infinity, 2 ** 60]) expect(() => manualSeed(seed)).toThrow(`manualSeed: ${seed}`);
});
