import { expect, test } from 'vitest';
import { buildFor, builds, bytesOf } from '../src/engine/compile.ts';
import { TANH_BLOCK } from '../src/engine/plan.generated.ts';
import { v8 } from '../src/engine/v8.ts';
import { tanh } from '../src/tensor/math.ts';

const AT = 65_536;
const COUNT = 1 << 20;
const ROOM = AT - 2 * TANH_BLOCK;
const memory = new WebAssembly.Memory({ initial: 256, maximum: 256 });
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytesOf(await builds[buildFor(v8())](), false)), {
  env: { memory },
});
const run = exports.tanhInPlaceWithDerivative as (x: number, d: number, vectors: number, room: number) => void;
const x = new Float32Array(memory.buffer, AT, COUNT);
const d = new Float32Array(memory.buffer, AT + 4 * COUNT, COUNT);
const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** The distance of a float32 from an exact value, in units in the last place of the latter. */
function ulps(value: number, exact: number): number {
  float[0] = Math.abs(exact);
  const rounded = float[0];
  bits[0]! += 1;
  return Math.abs(value - exact) / (float[0] - rounded);
}

test('tanh of float32 is within 2 ulp, its derivative 4 sech² within 8, over the whole range', () => {
  let worst = 0;
  let worstDerivative = 0;
  const step = 997; // of the 2³¹ magnitudes; both signs in turn
  for (let first = 0; first < 0x7f800000; first += step * COUNT) {
    const inputs = new Float32Array(COUNT);
    const words = new Int32Array(inputs.buffer);
    for (let i = 0; i < COUNT; i++) {
      words[i] = Math.min(first + i * step, 0x7f7fffff) | (i % 2 === 0 ? 0 : 0x80000000);
    }
    x.set(inputs);
    run(AT, AT + 4 * COUNT, COUNT / 4, ROOM);
    for (let i = 0; i < COUNT; i++) {
      const exact = tanh(inputs[i]!);
      worst = Math.max(worst, ulps(x[i]!, exact));
      if (Math.sign(x[i]!) !== Math.sign(inputs[i]!)) expect.fail(`tanh(${inputs[i]}) is ${x[i]}`);
      const magnitude = Math.abs(inputs[i]!);
      if (magnitude < 9) worstDerivative = Math.max(worstDerivative, ulps(d[i]!, 1 - exact * exact));
      else if (!(d[i]! >= 0 && d[i]! < 1e-7)) expect.fail(`the derivative at ${inputs[i]} is ${d[i]}`);
    }
  }
  expect(worst).toBeLessThanOrEqual(2);
  expect(worstDerivative).toBeLessThanOrEqual(8);
});

test('zeros keep their sign, infinities become ±1, NaN stays', () => {
  x.set([0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45, 44]);
  run(AT, AT + 4 * COUNT, 2, ROOM);
  expect([...x.subarray(0, 8)]).toEqual([0, -0, 1, -1, NaN, Math.fround(1e-45), Math.fround(-1e-45), 1]);
  expect([...d.subarray(0, 8)]).toEqual([1, 1, 0, 0, NaN, 1, 1, 0]);
});
