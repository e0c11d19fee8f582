import { LonghandError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/index.ts';
import type { Engine, LargeProblem, Parameters, Problem } from './engine.ts';
import type { WasmEngineOptions } from './wasm.ts';

/** The engines by the names that the command line, the checkpoints and the tests call them by. A new one is added here. */
export type EngineName = 'wasm' | 'batch' | 'sample';

/** What engines may be asked for. Each takes what it understands. */
export type EngineOptions = WasmEngineOptions;

interface EngineEntry {
  /** For `--help`. */
  readonly about: string;
  readonly make: (problem: Problem | LargeProblem, parameters: Parameters, options: EngineOptions) => Promise<Engine>;
}

// an engine is loaded for who asks for it: a page that speaks of them all needs none of their code
const table: Readonly<Record<EngineName, EngineEntry>> = {
  wasm: { about: 'kernels', make: async (...given) => (await import('./wasm.ts')).kernelEngine(...given) },
  batch: {
    about: 'the practical as written, all samples at once',
    make: async (problem, parameters) =>
      (await import('../batch/batch-engine.ts')).batchEngine(inTensors(problem), parameters),
  },
  sample: {
    about: 'the practical as written, sample by sample',
    make: async (problem, parameters) => (await import('./sample.ts')).sampleEngine(inTensors(problem), parameters),
  },
};

export const engineNames: readonly EngineName[] = Object.keys(table) as EngineName[];

/** @throws LonghandError where the samples are too many for tensors. */
export function inTensors(problem: Problem | LargeProblem): Problem {
  if (problem.trainInput instanceof Tensor) return problem as Problem;
  const [count] = problem.trainInput.shape;
  throw new LonghandError(`makeEngine: ${count} samples are too many for tensors; take fewer, or the wasm engine`);
}

/** What `--help` says of an engine. */
export function aboutEngine(name: EngineName): string {
  return entry(name).about;
}

/**
 * The engine of this name.
 *
 * @throws LonghandError where there is none of this name, and whatever the engine throws.
 */
export async function makeEngine(
  name: EngineName,
  problem: Problem | LargeProblem,
  parameters: Parameters,
  options: EngineOptions = {},
): Promise<Engine> {
  return entry(name).make(problem, parameters, options);
}

function entry(name: EngineName): EngineEntry {
  if (Object.hasOwn(table, name)) return table[name];
  throw new LonghandError(`makeEngine: there is no engine "${name}"; choose one of ${engineNames.join(', ')}`);
}
