import { describe, expect, test } from 'vitest';
import { type KernelArithmetic, type KernelFunction, KernelMemory } from '../src/batch/memory.ts';
import { cosh, exp, sigmoid, tanh } from '../src/tensor/math.ts';

const COUNT = 1 << 20;
const memory = KernelMemory.start()!;
const functions: Readonly<Record<KernelFunction, (x: number) => number>> = { exp, tanh, cosh, sigmoid };

function of(f: KernelFunction, inputs: readonly number[] | Float32Array): Float32Array {
  const x = Float32Array.from(inputs);
  const out = new Float32Array(x.length);
  memory.each(f, x, out);
  return out;
}

/** The float32 that follow each other as whole numbers do. */
const words = new Int32Array(2);
const floats = new Float32Array(words.buffer);
function apart(a: number, b: number): number {
  floats.set([a, b]);
  return Math.abs(words[0]! - words[1]!);
}

describe('the kernels for programs of others', () => {
  // from where each is x or 1 to where it is 0, 1 or ∞
  test.each([
    ['exp', 90],
    ['tanh', 16],
    ['cosh', 90],
    ['sigmoid', 90],
  ] as const)('%s is the nearest float32, but for one in a thousand, and then the next', (f, furthest) => {
    const inputs = new Float32Array(COUNT);
    const bits = new Int32Array(inputs.buffer);
    floats.set([2 ** -26, furthest]);
    const [from, to] = [words[0]!, words[1]!];
    for (let i = 0; i < COUNT; i++) bits[i] = from + Math.floor(((to - from) * i) / COUNT);
    for (let i = 1; i < COUNT; i += 2) inputs[i]! *= -1;
    const found = of(f, inputs);
    let others = 0;
    for (let i = 0; i < COUNT; i++) {
      const wanted = Math.fround(functions[f](inputs[i]!));
      if (found[i] === wanted) continue;
      others += 1;
      if (apart(found[i]!, wanted) > 1) expect.fail(`${f}(${inputs[i]}) is ${found[i]}, not ${wanted}`);
    }
    expect(others).toBeLessThan(COUNT / 1000);
  });

  test('zeros, infinities, NaN and what is beyond float32', () => {
    const x = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45, 200, -200, 3e38, -3e38];
    const tiny = Math.fround(1e-45);
    expect([...of('tanh', x)]).toEqual([0, -0, 1, -1, NaN, tiny, -tiny, 1, -1, 1, -1]);
    expect([...of('exp', x)]).toEqual([1, 1, Infinity, 0, NaN, 1, 1, Infinity, 0, Infinity, 0]);
    expect([...of('cosh', x)]).toEqual([1, 1, ...[Infinity, Infinity], NaN, 1, 1, ...Array(4).fill(Infinity)]);
    expect([...of('sigmoid', x)]).toEqual([0.5, 0.5, 1, 0, NaN, 0.5, 0.5, 1, 0, 1, 0]);
  });
});

describe('the arithmetic of the kernels has the bits of the language', () => {
  const operations: Readonly<Record<KernelArithmetic, (x: number, y: number) => number>> = {
    add: (x, y) => x + y,
    sub: (x, y) => x - y,
    mul: (x, y) => x * y,
    div: (x, y) => x / y,
  };
  const some = [0, -0, 1, -3, 1 / 3, 1e-45, -1e-38, 3e38, -3e38, Infinity, -Infinity, NaN, 1 + 2 ** -23];
  const pairs = some.flatMap(x => some.map(y => [x, y] as const));
  const wanted = (x: number, y: number, f: (x: number, y: number) => number) =>
    Math.fround(f(Math.fround(x), Math.fround(y)));

  test.each(Object.entries(operations))('%s', (name, f) => {
    const out = new Float32Array(pairs.length);
    memory.both(
      name as KernelArithmetic,
      Float32Array.from(pairs, ([x]) => x),
      Float32Array.from(pairs, ([, y]) => y),
      out,
    );
    expect([...out]).toEqual(pairs.map(([x, y]) => wanted(x, y, f)));
  });

  test.each(Object.entries(operations))('%s of one number, or of few again and again', (name, f) => {
    const x = Float32Array.from({ length: 21 }, (_, k) => k - 4.3);
    const out = new Float32Array(21);
    const few = [0.1, 2, -7];
    memory.both(name as KernelArithmetic, x, Float32Array.from(few), out);
    expect([...out]).toEqual([...x].map((one, k) => wanted(one, few[k % 3]!, f)));
    memory.both(name as KernelArithmetic, Float32Array.of(0.7), x, out);
    expect([...out]).toEqual([...x].map(one => wanted(0.7, one, f)));
  });
});
