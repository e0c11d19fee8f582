import { describe, expect, test } from 'vitest';
import { type Engine, type Problem, sampleEngine, Tensor, zeros } from '../src/index.ts';
import { conform, forgets, randomCase } from './conforming.ts';
import { engines } from './engines.ts';

const cases = Array.from({ length: 15 }, (_, seed) => randomCase(seed));
for (const engine of engines) {
  describe(`${engine.name}: gradients, loss, errors, update and responses are those of the six functions`, () => {
    for (const one of cases) test(one.name, () => conform(engine, one));
  });
}

for (const engine of engines) {
  describe(`${engine.name}: other parameters take the place of those that were there, or are refused`, () => {
    for (const seed of [3, 7, 18, 78, 102, 160, 233]) {
      const one = randomCase(seed);
      test(one.name, () => forgets(engine, one, seed));
    }
  });
}
describe('6,000 samples, of which each one shows in the sums', async () => {
  const [SAMPLES, CLASSES, PIXELS] = [6000, 10, 100];
  const [DARK, LIT] = [-0.1, 2];
  /** Class 1 to 9, never 0, to which all responses alike are counted. */
  const classOf = (sample: number) => 1 + (sample % 9);
  /** The one pixel of a sample that is lit, among the ten of its class. */
  const litPixel = (sample: number) => 10 * classOf(sample) + (Math.floor(sample / 9) % 10);

  /** Every image has one lit pixel, except that of the sample `lost`. */
  function problem(lost?: number): Problem {
    const input = new Float32Array(SAMPLES * PIXELS).fill(DARK);
    const target = new Float32Array(SAMPLES * CLASSES);
    for (let n = 0; n < SAMPLES; n++) {
      if (n !== lost) input[n * PIXELS + litPixel(n)] = LIT;
      target[n * CLASSES + classOf(n)] = 0.5; // not less than `errorBelow`: no error
    }
    const inputs = new Tensor<[number, number]>(input, [SAMPLES, PIXELS], 'float32');
    const targets = new Tensor<[number, number]>(target, [SAMPLES, CLASSES], 'float32');
    return { trainInput: inputs, trainTarget: targets, testInput: inputs, testTarget: targets, errorBelow: 0.5 };
  }

  // hidden unit c sees the ten pixels of class c, and class c listens to it alone: all are read rightly
  const w1 = zeros(CLASSES, PIXELS);
  const w2 = zeros(CLASSES, CLASSES);
  for (let c = 0; c < CLASSES; c++) {
    w1.select(0, c)
      .narrow(0, 10 * c, 10)
      .fill_(0.5);
    w2.select(0, c).narrow(0, c, 1).fill_(1);
  }
  const parameters = { w1, b1: zeros(CLASSES), w2, b2: zeros(CLASSES) };

  async function sums(engine: Engine) {
    const { loss, errors } = await engine.step(0);
    const testErrors = await engine.testErrors();
    const w1 = [...(await engine.gradients()).w1.elements()];
    await engine.dispose();
    return { loss, errors, testErrors, w1 };
  }
  const wanted = await sums(sampleEngine(problem(), parameters));
  const largest = Math.max(...wanted.w1.map(Math.abs));
  const furthest = (found: typeof wanted) => Math.max(...found.w1.map((g, i) => Math.abs(g - wanted.w1[i]!))) / largest;

  test.each(engines)('$name', async ({ make }) => {
    const found = await sums(await make(problem(), parameters));
    expect([found.errors, found.testErrors]).toEqual([0, 0]);
    expect(Math.abs(found.loss / wanted.loss - 1)).toBeLessThan(1e-6);
    expect(furthest(found)).toBeLessThan(1e-4);
  });

  test.each(engines)('$name: of responses all alike the first one is the answer', async ({ make }) => {
    const alike = { ...parameters, w2: zeros(CLASSES, CLASSES) };
    const { errors, testErrors } = await sums(await make(problem(), alike));
    expect([errors, testErrors]).toEqual([SAMPLES, SAMPLES]); // none is of class 0
  });

  test.each([0, 5003])('sample %i without its pixel would be noticed', async lost => {
    const found = await sums(sampleEngine(problem(lost), parameters));
    expect([found.errors, found.testErrors]).toEqual([1, 1]);
    expect(Math.abs(found.loss / wanted.loss - 1)).toBeGreaterThan(1e-5);
    expect(furthest(found)).toBeGreaterThan(1e-3);
  });
});
