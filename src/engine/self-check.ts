import * as ours from '../practical.ts';
import type { Practical } from '../six-functions.ts';
import { Generator, Tensor } from '../tensor/index.ts';
import type { Engine, Parameters, Problem } from './engine.ts';
import { type EngineName, makeEngine } from './engines.ts';
import { sampleEngine } from './sample.ts';

/** What a look at an engine and the six functions has shown. */
export type SelfCheck =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** Whether it is the functions that are no longer what they were, or the engine that computes something else. */
      readonly who: 'functions' | 'engine';
      /** What differs: some of `loss`, `dℓ/dw1`, `dℓ/db1`, `dℓ/dw2`, `dℓ/db2`. */
      readonly differs: readonly string[];
      /** The same in a sentence, with what to do. */
      readonly what: string;
    };

export interface SelfCheckOptions {
  /** Ours, that is src/practical.ts as it stands, unless others are given. */
  readonly functions?: Practical;
  /** How the engine is made; from the table unless asked otherwise. */
  readonly make?: (problem: Problem, parameters: Parameters) => Promise<Engine>;
}

/**
 * Takes a handful of samples through the six functions and through the engine of this name, and compares loss and
 * gradients: for a training by kernels would not notice that somebody has edited the functions, nor that a processor or
 * a WebAssembly that nobody has tried computes something else. Some 50 ms of a processor, half of it to compile the
 * kernels. To be called before a training:
 *
 *     const check = await selfCheck('wasm');
 *     if (!check.ok && check.who === 'engine') throw new LonghandError(check.what);
 *     if (!check.ok) note(check.what);
 *
 * Who is wrong is decided by what the functions gave when they were written. Throws what making the engine throws.
 */
export async function selfCheck(
  name: EngineName,
  {
    functions = ours,
    make = (problem, parameters) => makeEngine(name, problem, parameters, { threads: 1 }),
  }: SelfCheckOptions = {},
): Promise<SelfCheck> {
  const differs = new Set<string>();
  for (const { problem, parameters } of [SMALL, WIDE_SPARSE, WIDE_DENSE].map(made)) {
    const byEngine = await answersOf(await make(problem, parameters));
    let byFunctions: Answers;
    try {
      byFunctions = await answersOf(sampleEngine(problem, parameters, functions));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const what = `the six functions in src/practical.ts fail (${message})`;
      return { ok: false, who: 'functions', differs: [], what: `${what}. ${KERNELS_TRAIN}` };
    }
    for (const one of differences(byFunctions, byEngine)) differs.add(one);
  }
  if (differs.size === 0) return { ok: true };

  const list = [...differs];
  if (differences(await answersOfFunctions(functions), asTheyCame).length > 0) {
    const what = `the six functions in src/practical.ts are not as they came: ${list.join(', ')} differ from the ${name} engine's`;
    return { ok: false, who: 'functions', differs: list, what: `${what}. ${KERNELS_TRAIN}` };
  }
  return {
    ok: false,
    who: 'engine',
    differs: list,
    what:
      `the ${name} engine is wrong on this machine: its ${list.join(', ')} differ from those of the six functions, which ` +
      'are as they came. Train with --engine sample, and please report the processor and the version of Node',
  };
}

const KERNELS_TRAIN =
  'The kernels train all the same, as the practical came; --engine sample trains on the functions as they stand';

/** Loss and gradient sums, by their names. */
export type Answers = Readonly<Record<string, readonly number[]>>;

/** What the functions answer to the small problem, to compare with `asTheyCame`. */
export function answersOfFunctions(functions: Practical): Promise<Answers> {
  const { problem, parameters } = made(SMALL);
  return answersOf(sampleEngine(problem, parameters, functions));
}

async function answersOf(engine: Engine): Promise<Answers> {
  try {
    const { loss } = await engine.step(0);
    const { w1, b1, w2, b2 } = await engine.gradients();
    const gradients = { 'dℓ/dw1': w1, 'dℓ/db1': b1, 'dℓ/dw2': w2, 'dℓ/db2': b2 };
    const entries = Object.entries(gradients).map(([name, sums]) => [name, [...sums.elements()]]);
    return { loss: [loss], ...Object.fromEntries(entries) };
  } finally {
    await engine.dispose();
  }
}

/**
 * How far apart two correct answers may be, as a part of their length: float32 keeps 24 bits, of which sums of a few
 * hundred terms lose three or four. Measured: 3e-7.
 */
const ROUNDING = 1e-5;

function differences(wanted: Answers, found: Answers): string[] {
  return Object.keys(wanted).filter(name => {
    const [a, b] = [wanted[name]!, found[name]!];
    const off = a.map((x, i) => x - b[i]!);
    return !(norm(off) <= ROUNDING * norm(a)); // NaN differs too
  });
}

function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
}

interface Sizes {
  readonly samples: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
  /** Which part of the inputs is not 0: it decides by which kernel an input is summed. */
  readonly density: number;
}

/** Small enough for its answers to be written down. */
const SMALL: Sizes = { samples: 9, inputs: 6, hidden: 5, classes: 3, density: 0.5 };
/** The kernels of fifty hidden units, which most trainings take. */
const WIDE_SPARSE: Sizes = { samples: 3, inputs: 24, hidden: 50, classes: 10, density: 0.3 };
const WIDE_DENSE: Sizes = { ...WIDE_SPARSE, density: 1 };

/** Random numbers from a fixed seed, of such a size that what goes into tanh is of order 1. */
function made({ samples, inputs, hidden, classes, density }: Sizes): { problem: Problem; parameters: Parameters } {
  const generator = new Generator(2021);
  const between = (most: number) => () => most * (2 * generator.uniform24() - 1);
  const matrix = (rows: number, columns: number, value: () => number): Tensor<[number, number]> =>
    new Tensor(Float32Array.from({ length: rows * columns }, value), [rows, columns], 'float32');
  const vector = (length: number, value: () => number): Tensor<[number]> =>
    new Tensor(Float32Array.from({ length }, value), [length], 'float32');
  const input = () => (generator.uniform24() < density ? between(2)() : 0);
  const target = () => (generator.uniform24() < 0.3 ? 0.9 : 0);
  const weight = between(2 / Math.sqrt(inputs * density));
  return {
    problem: {
      trainInput: matrix(samples, inputs, input),
      trainTarget: matrix(samples, classes, target),
      testInput: matrix(1, inputs, input),
      testTarget: matrix(1, classes, target),
      errorBelow: 0.5,
    },
    parameters: {
      w1: matrix(hidden, inputs, weight),
      b1: vector(hidden, between(1)),
      w2: matrix(classes, hidden, between(2 / Math.sqrt(hidden))),
      b2: vector(classes, between(1)),
    },
  };
}

/** What the functions gave for the small problem when they were written. */
// biome-ignore format: numbers
export const asTheyCame: Answers = {
  loss: [13.715888],
  'dℓ/dw1': [0.027142353, -0.018251749, -0.11659758, -0.011114366, -0.61351258, -1.2559237, -0.76442456, -1.0894607, -1.3880407, -0.89394319, 0.055605829, -0.23493007, -0.57601178, 0.22677241, 0.40321633, 0.3097198, -0.11001242, 0.25050053, -0.37645364, 0.44490778, -0.091931343, -0.1255832, 1.0203265, -0.10901958, -0.69431424, 0.16485262, 0.26202992, 0.19912693, -0.048849598, 0.2563476],
  'dℓ/db1': [0.32195067, 2.286051, 0.63912797, -0.28094041, 0.48612198],
  'dℓ/dw2': [-1.8608897, 2.1838481, 1.0265629, -1.6077921, 3.0218904, 2.6012425, -1.9764633, -4.8369932, 1.7179656, -2.0092626, -1.4586056, 1.4419322, -3.9915357, 1.2731671, -0.12142885],
  'dℓ/db2': [2.4785972, -5.8580174, -4.1277227],
};
