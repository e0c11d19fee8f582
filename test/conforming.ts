/** What every engine is held to, and random problems to hold it to. Run by conformance.test.ts and
 * long/conformance.test.ts. */
import { expect } from 'vitest';
import type { Engine, Parameters, Problem } from '../src/index.ts';
import { backwardPass, type DType, forwardPass, Generator, loss, ShapeError, Tensor, zeros } from '../src/index.ts';
import type { EngineUnderTest } from './engines.ts';

export interface Case {
  readonly name: string;
  readonly problem: Problem;
  readonly parameters: Parameters;
}

/** Numbers in [0, 1) from a seed. */
function uniform(seed: number): () => number {
  const generator = new Generator(seed);
  return () => generator.uniform24();
}

/**
 * A random problem: sizes from 1 up, unlike the widths of the kernels; inputs sparse over a background, dense or
 * constant; weights near zero, of order 1, or so large that every unit is saturated.
 */
export function randomCase(seed: number): Case {
  const random = uniform(seed);
  const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)]!;
  const upTo = (n: number): number => 1 + Math.floor(random() * n);
  const samples = pick(1, upTo(8), upTo(40), upTo(300));
  const tests = pick(1, upTo(20), upTo(200));
  const inputs = pick(1, 2, upTo(20), upTo(300));
  const hidden = pick(1, 4, upTo(12), upTo(60), upTo(130));
  const classes = pick(1, 2, 10, upTo(17));
  const background = pick(0, -0.42, 3.5);
  const kind = pick('sparse', 'dense', 'constant');
  const density = random() * 0.65;
  const weights = pick(1e-6, 1 / Math.sqrt(inputs), 1, 20);
  const [off, on] = pick([0, 0.9], [-0.9, 0.9]);

  const matrix = (rows: number, columns: number, value: () => number): Tensor<[number, number]> =>
    new Tensor(Float32Array.from({ length: rows * columns }, value), [rows, columns], 'float32');
  const vector = (length: number, value: () => number): Tensor<[number]> =>
    new Tensor(Float32Array.from({ length }, value), [length], 'float32');
  const input = (): number => {
    if (kind === 'constant') return background;
    return kind === 'sparse' && random() >= density ? background : 4 * random() - 2;
  };
  const target = (): number => (random() < 0.2 ? on : off);
  const weight = (): number => weights * (random() + random() + random() - 1.5) * 2;
  return {
    name: `seed ${seed}: ${samples}+${tests} x ${inputs}-${hidden}-${classes}, ${kind}, weights ${weights}`,
    problem: {
      trainInput: matrix(samples, inputs, input),
      trainTarget: matrix(samples, classes, target),
      testInput: matrix(tests, inputs, input),
      testTarget: matrix(tests, classes, target),
      errorBelow: (off + on) / 2,
    },
    parameters: {
      w1: matrix(hidden, inputs, weight),
      b1: vector(hidden, weight),
      w2: matrix(classes, hidden, weight),
      b2: vector(classes, weight),
    },
  };
}

const NAMES = ['w1', 'b1', 'w2', 'b2'] as const;
type Arrays = Record<(typeof NAMES)[number], Float64Array>;

type Layers = [w1: Tensor<[number, number]>, b1: Tensor<[number]>, w2: Tensor<[number, number]>, b2: Tensor<[number]>];

function inNumbersOf(dtype: DType, parameters: Parameters): Layers {
  return NAMES.map(name => (parameters[name] as Tensor).to(dtype)) as unknown as Layers;
}

/** The six functions in numbers of one type: gradient sums, sums of the terms' absolute values, loss, errors. */
export function evaluate({ trainInput, trainTarget, errorBelow }: Problem, parameters: Parameters, dtype: DType) {
  const [w1, b1, w2, b2] = inNumbersOf(dtype, parameters);
  const none = (): Arrays =>
    Object.fromEntries(NAMES.map(name => [name, new Float64Array(parameters[name].numel())])) as Arrays;
  const sums = none();
  const magnitudes = none();
  let total = 0;
  const errors = { least: 0, most: 0 };
  const inputs = trainInput.to(dtype);
  const targets = trainTarget.to(dtype);
  for (let n = 0; n < trainInput.size(0); n++) {
    const x = inputs.select(0, n);
    const t = targets.select(0, n);
    const [, s1, x1, s2, x2] = forwardPass(w1, b1, w2, b2, x);
    const gradients = [w1, b1, w2, b2].map(p => zeros([...p.shape], { dtype }) as Tensor) as unknown as Layers;
    backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, ...gradients);
    gradients.forEach((gradient, i) => {
      const name = NAMES[i]!;
      gradient.elements().forEach((g, j) => {
        sums[name][j]! += g;
        magnitudes[name][j]! += Math.abs(g);
      });
    });
    total += loss(x2, t).item();
    count(x2, trainTarget.select(0, n), errorBelow, errors);
  }
  return { sums, magnitudes, loss: total, errors };
}

/** Errors that are certain and errors that rounding may make: a near tie has more than one predicted class. */
function count(
  x2: Tensor<[number]>,
  t: Tensor<[number]>,
  below: number,
  errors: { least: number; most: number },
): void {
  const responses = x2.elements();
  const largest = Math.max(...responses);
  const wrong = [...responses.keys()].filter(c => responses[c]! > largest - 1e-5).map(c => t.elements()[c]! < below);
  if (wrong.every(Boolean)) errors.least++;
  if (wrong.some(Boolean)) errors.most++;
}

const norm = (values: ArrayLike<number>, other?: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - (other?.[i] ?? 0)) ** 2;
  return Math.sqrt(sum);
};

/** The same parameters, each changed by up to a millionth of itself. */
function nudged(parameters: Parameters): Parameters {
  const random = uniform(1);
  const nudge = (p: Tensor): Tensor =>
    new Tensor(
      Float64Array.from(p.elements(), w => w * (1 + 2e-6 * (random() - 0.5))),
      p.shape,
      'float64',
    );
  return Object.fromEntries(NAMES.map(name => [name, nudge(parameters[name] as Tensor)])) as unknown as Parameters;
}

/**
 * How far from the six functions in float64 the gradient of one parameter may be: 1e-5 of its terms' magnitude; or
 * twice what the six functions in float32 are off; or, where large weights turn the rounding of a sum into a large
 * change of what follows, twice what changing every weight by a millionth does. And 1 − tanh² is off by 1e-16 in
 * float64 too, which shows where all units are saturated.
 */
function tolerances(
  { problem, parameters }: Case,
  exact: ReturnType<typeof evaluate>,
  rounded: Arrays,
): Record<keyof Arrays, number> {
  const changed = evaluate(problem, nudged(parameters), 'float64').sums;
  const size = (t: Tensor): number => Array.from(t.elements()).reduce((max, x) => Math.max(max, Math.abs(x)), 1);
  const largest = size(problem.trainInput as Tensor) * size(parameters.w2 as Tensor) * problem.trainTarget.numel();
  return Object.fromEntries(
    NAMES.map(name => [
      name,
      Math.max(
        1e-5 * norm(exact.magnitudes[name]),
        2 * norm(rounded[name], exact.sums[name]),
        2 * norm(changed[name], exact.sums[name]),
        1e-15 * largest * Math.sqrt(exact.sums[name].length),
      ),
    ]),
  ) as Record<keyof Arrays, number>;
}

/** What the six functions say of a case, and how far from it one may be. */
function wantedOf(one: Case) {
  const { problem, parameters } = one;
  const exact = evaluate(problem, parameters, 'float64');
  const rounded = evaluate(problem, parameters, 'float32');
  return { exact, rounded, allowed: tolerances(one, exact, rounded.sums) };
}

/** The same of every case so far: all engines are held to it. */
const wanted = new WeakMap<Case, ReturnType<typeof wantedOf>>();

/** Holds one engine to the six functions in float64 on one case. */
export async function conform({ make }: EngineUnderTest, one: Case): Promise<void> {
  const { problem, parameters } = one;
  if (!wanted.has(one)) wanted.set(one, wantedOf(one));
  const { exact, rounded, allowed } = wanted.get(one)!;
  const engine = await make(problem, parameters);
  try {
    expect(engine.trainCount).toBe(problem.trainInput.size(0));
    expect(engine.testCount).toBe(problem.testInput.size(0));
    const eta = 0.1 / engine.trainCount;
    const result = await engine.step(eta);
    expect(Math.abs(result.loss - exact.loss)).toBeLessThanOrEqual(
      Math.max(1e-5 * exact.loss, 2 * Math.abs(rounded.loss - exact.loss), 1e-30),
    );
    expect(result.errors).toBeGreaterThanOrEqual(exact.errors.least);
    expect(result.errors).toBeLessThanOrEqual(exact.errors.most);

    const gradients = await engine.gradients();
    const after = await engine.parameters();
    for (const name of NAMES) {
      const sums = gradients[name].elements();
      expect(gradients[name].shape, name).toEqual(parameters[name].shape);
      expect(norm(sums, exact.sums[name]), `the gradient of ${name}`).toBeLessThanOrEqual(allowed[name]);
      const before = parameters[name].elements();
      after[name].elements().forEach((value, i) => {
        const change = Math.fround(eta) * sums[i]!;
        const tolerance = 2e-7 * (Math.abs(before[i]!) + Math.abs(change));
        if (!(Math.abs(value - (before[i]! - change)) <= tolerance)) {
          expect.fail(`${name}[${i}] is ${value} after the step; ${before[i]} − ${change} was wanted`);
        }
      });
    }

    // the test set is evaluated at the weights after the step, and so are the responses
    const errors = { least: 0, most: 0 };
    const expected = respond(problem.testInput, after);
    for (let n = 0; n < problem.testInput.size(0); n++)
      count(expected.select(0, n), problem.testTarget.select(0, n), problem.errorBelow, errors);
    const testErrors = await engine.testErrors();
    expect(testErrors).toBeGreaterThanOrEqual(errors.least);
    expect(testErrors).toBeLessThanOrEqual(errors.most);
    for (const set of ['train', 'test'] as const) {
      const input = problem[`${set}Input`];
      const responses = await engine.responses(set);
      expect(responses.shape).toEqual([input.size(0), parameters.b2.size(0)]);
      const exactly = respond(input, after);
      const off = norm(responses.elements(), exactly.elements());
      const roundedOff = norm(respond(input, after, 'float32').elements(), exactly.elements());
      const nudgedOff = norm(respond(input, nudged(after)).elements(), exactly.elements());
      expect(off, `responses to ${set}`).toBeLessThanOrEqual(
        Math.max(1e-5 * norm(exactly.elements()), 2 * roundedOff, 2 * nudgedOff),
      );
    }
  } finally {
    await engine.dispose();
  }
}

/** What a network answers to each sample, by the six functions. */
function respond(
  input: Tensor<[number, number]>,
  parameters: Parameters,
  dtype: DType = 'float64',
): Tensor<[number, number]> {
  const [w1, b1, w2, b2] = inNumbersOf(dtype, parameters);
  const samples = input.to(dtype);
  const responses = zeros([input.size(0), b2.size(0)], { dtype });
  for (let n = 0; n < input.size(0); n++) {
    responses.select(0, n).copy_(forwardPass(w1, b1, w2, b2, samples.select(0, n))[4]);
  }
  return responses;
}

/** Holds one engine to it that, given other parameters after some steps, it is as one that began with them. */
export async function forgets({ make }: EngineUnderTest, one: Case, seed: number): Promise<void> {
  const random = uniform(seed);
  const other = (p: Tensor): Tensor =>
    new Tensor(
      Float32Array.from(p.elements(), () => random() - 0.5),
      p.shape,
      'float32',
    );
  const others = Object.fromEntries(
    NAMES.map(name => [name, other(one.parameters[name] as Tensor)]),
  ) as unknown as Parameters;
  const bits = async (engine: Engine) => {
    const seen = [await engine.step(0.01 / engine.trainCount), await engine.testErrors()];
    const tensors = [await engine.parameters(), await engine.gradients()].flatMap(ones => NAMES.map(n => ones[n]));
    tensors.push(await engine.responses('train'), await engine.responses('test'));
    return [seen, tensors.map(tensor => [...tensor.elements()])];
  };
  const engine = await make(one.problem, one.parameters);
  const fresh = await make(one.problem, others);
  try {
    await bits(engine);
    await engine.setParameters(others);
    for (const name of NAMES) {
      const held = (await engine.parameters())[name] as Tensor;
      expect(held.equal(others[name] as Tensor), name).toBe(true);
    }
    expect(await bits(engine)).toEqual(await bits(fresh));

    // what does not fit is refused, and nothing changes
    const before = await engine.parameters();
    for (const name of NAMES) {
      const wrong = { ...others, [name]: zeros(others[name].numel() + 1) } as unknown as Parameters;
      await expect(engine.setParameters(wrong)).rejects.toThrow(ShapeError);
      const untouched = await engine.parameters();
      for (const held of NAMES) expect((untouched[held] as Tensor).equal(before[held] as Tensor), held).toBe(true);
    }
  } finally {
    await engine.dispose();
    await fresh.dispose();
  }
}
