import { expect } from 'vitest';
import { batchEngine } from '../src/batch/batch-engine.ts';
import { sayWhyNot, type WhyNot } from '../src/batch/why-not.ts';
import {
  type Engine,
  Generator,
  initialParameters,
  type Parameters,
  type Practical,
  type Problem,
  sampleEngine,
  Tensor,
} from '../src/index.ts';
import { startAnswering } from '../src/practice/answerer/answerer.ts';
import type { Transformed } from '../src/practice/protocol.ts';
import { transform } from '../src/practice/transform.ts';

// A program for one sample, run for all of them at once and one by one.

/** Samples that look a little like digits: most of their inputs are one value. */
export function madeProblem({ samples = 60, inputs = 30, classes = 4, seed = 1 } = {}): Problem {
  const generator = new Generator(seed);
  const set = (count: number) => {
    const input = Float32Array.from({ length: count * inputs }, () =>
      generator.uniform24() < 0.7 ? -0.4 : 2 * generator.uniform24(),
    );
    const target = new Float32Array(count * classes);
    for (let n = 0; n < count; n++) target[n * classes + Math.floor(classes * generator.uniform24())] = 0.9;
    return {
      input: new Tensor<[number, number]>(input, [count, inputs], 'float32'),
      target: new Tensor<[number, number]>(target, [count, classes], 'float32'),
    };
  };
  const [train, test] = [set(samples), set(20)];
  return {
    trainInput: train.input,
    trainTarget: train.target,
    testInput: test.input,
    testTarget: test.target,
    errorBelow: 0.5,
  };
}

export function madeParameters({ inputs = 30, hidden = 6, classes = 4, seed = 2, size = 0.3 } = {}): Parameters {
  return initialParameters({ inputs, hidden, classes }, size, new Generator(seed)) as unknown as Parameters;
}

/** What a training is seen to be. */
interface Seen {
  /** Of each step: loss, training errors, test errors. */
  readonly log: readonly (readonly number[])[];
  /** How it ended before its time. */
  readonly failed?: string;
  readonly parameters: readonly number[];
}

async function seen(engine: Engine, steps: number, eta: number): Promise<Seen> {
  const log: number[][] = [];
  let failed: string | undefined;
  try {
    for (let step = 0; step < steps; step++) {
      const { loss, errors } = await engine.step(eta);
      log.push([loss, errors, await engine.testErrors()]);
    }
  } catch (error) {
    failed = error instanceof Error ? error.message : String(error);
  }
  const { w1, b1, w2, b2 } = await engine.parameters();
  const parameters = [w1, b1, w2, b2].flatMap(one => [...one.elements()]);
  return failed === undefined ? { log, parameters } : { log, parameters, failed };
}

export interface BothWays {
  /** Why the samples were taken one by one, and from which step on; undefined where they were taken all at once. */
  readonly whyNot: string | undefined;
  readonly atOnce: Seen;
  readonly oneByOne: Seen;
  /** One by one from weights that differ by a few units in the last place: what rounding alone can come to. */
  readonly nudged: () => Promise<Seen>;
}

/** How functions are had anew, with nothing that they kept. */
export type Fresh = <T>(work: (functions: Practical, place?: () => string | undefined) => Promise<T>) => Promise<T>;

/** Some steps, at once and one by one. */
export async function bothWays(
  fresh: Fresh,
  { problem = madeProblem, parameters = madeParameters(), steps = 50, eta = 0.002 } = {},
): Promise<BothWays> {
  let whyNot: string | undefined;
  const atOnce = await fresh((functions, place) => {
    const onSampleBySample = (why: WhyNot) => {
      whyNot = sayWhyNot(why);
    };
    const options = place === undefined ? { onSampleBySample } : { onSampleBySample, place };
    return seen(batchEngine(problem(), parameters, functions, options), steps, eta);
  });
  const byLoop = (from: Parameters) => fresh(functions => seen(sampleEngine(problem(), from, functions), steps, eta));
  return { whyNot, atOnce, oneByOne: await byLoop(parameters), nudged: () => byLoop(nudgedBy(5e-7, parameters)) };
}
function nudgedBy(part: number, { w1, b1, w2, b2 }: Parameters): Parameters {
  const nudged = (one: Tensor) =>
    new Tensor(
      one.elements().map((w, i) => w * (1 + (i % 2 === 0 ? part : -part))),
      one.shape,
      'float32',
    );
  return { w1: nudged(w1), b1: nudged(b1), w2: nudged(w2), b2: nudged(b2) } as unknown as Parameters;
}

/** Functions that keep nothing. */
export const ofFunctions =
  (functions: Practical): Fresh =>
  work =>
    work(functions);

const names = ['sigma', 'dsigma', 'loss', 'dloss', 'forwardPass', 'backwardPass'] as const;

/** The functions of a file, as a training of the practice has them; undefined where it has not all six, or none. */
export function ofSource(source: string): Fresh | undefined {
  const made = transform({ 'mine.ts': source });
  if (Array.isArray(made)) return undefined;
  const transformed = made as Transformed;
  if (names.some(name => transformed.functions[name] === undefined)) return undefined;
  return async work => {
    const answerer = startAnswering(transformed, {
      compile: (body, parameters) => new Function(...parameters, body) as (...args: unknown[]) => unknown,
      milliseconds: 5000,
    });
    const worked = await answerer.work((functions, place) => work(functions, place));
    // files that do not even load fail alike
    return worked.kind === 'done' ? worked.value : (worked as never);
  };
}

/** How far apart two losses may be that differ by rounding alone, of which 50 steps make more. */
const ROUNDING = 1e-4;

/** Holds the one against the other, step by step; where both ended before their time they ended alike. */
export async function expectSame({ atOnce, oneByOne, nudged }: BothWays): Promise<void> {
  let amplified: Seen | undefined;
  expect(atOnce.failed).toEqual(oneByOne.failed);
  expect(atOnce.log?.length).toBe(oneByOne.log?.length);
  for (const [step, [loss, errors, testErrors]] of (oneByOne.log ?? []).entries()) {
    const [found, foundErrors, foundTestErrors] = atOnce.log[step]!;
    if (!Object.is(found, loss) && !(Math.abs(found! - loss!) <= ROUNDING * Math.abs(loss!))) {
      // from where steps are too wide, rounding is amplified, and parts any two correct programs
      amplified ??= await nudged();
      const apart = Math.max(
        ...amplified.log.slice(0, step + 1).map(([other], k) => Math.abs(other! - oneByOne.log[k]![0]!)),
      );
      expect({ step, apart: Math.abs(found! - loss!) < 10 * apart }).toEqual({ step, apart: true });
      return;
    }
    // where two classes are nearly alike, rounding may decide
    expect(Math.abs(foundErrors! - errors!)).toBeLessThanOrEqual(1);
    expect(Math.abs(foundTestErrors! - testErrors!)).toBeLessThanOrEqual(1);
  }
}
