import { cores } from '#platform';
import { LonghandError } from '../tensor/errors.ts';
import type { Engine, LargeProblem, Parameters, Problem } from './engine.ts';
import { Kernels } from './kernels.ts';
import { mustBeOfSize, type NetworkSize, sizeOf } from './sizes.ts';

export interface WasmEngineOptions {
  /**
   * How many threads work at a step, the calling one among them. Unless asked otherwise it is as many as help, of those
   * that there are cores for: the first steps show how many that is, and later ones whether it has changed. It changes no
   * bit of the results. Without `SharedArrayBuffer`, as in a page that is not isolated, it is one; and where nobody asked
   * and threads do not start, as in a page whose policy forbids workers from blobs.
   */
  readonly threads?: number | undefined;
}

/**
 * The fast engine: the sums of `sampleEngine` from WebAssembly kernels on vectors of four and on all cores, in Node and
 * in a browser. Its results are the same bits whatever the number of threads and wherever it runs. On Node 24 and later it
 * takes 0.7 of the time where the process was started with `--experimental-wasm-revectorize`, which is its owner's to say.
 *
 * @example
 * const problem = problemOf({ inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], labels: [0, 1, 1, 0], test: 0.25 });
 * const engine = await wasmEngine(problem, initialParameters({ inputs: 2, hidden: 8, classes: 2 }, 0.5));
 * console.log(await engine.step(0.05)); // the loss and the errors before it
 * await engine.dispose(); // its threads end
 *
 * @throws ShapeError where problem and parameters do not fit each other.
 * @throws LonghandError where they do not fit into memory, or WebAssembly is missing or forbidden.
 * @throws ThreadError where threads were asked for and one does not start.
 */
export async function wasmEngine<H extends number, D extends number, C extends number>(
  problem: Problem<D, C>,
  parameters: Parameters<H, NoInfer<D>, NoInfer<C>>,
  options: WasmEngineOptions = {},
): Promise<Engine> {
  return kernelEngine(problem as unknown as Problem, parameters as unknown as Parameters, options);
}

/** The same, also of samples that are too many for tensors. */
export async function kernelEngine(
  problem: Problem | LargeProblem,
  parameters: Parameters,
  { threads }: WasmEngineOptions,
): Promise<Engine> {
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1))
    throw new LonghandError(`wasmEngine: threads is ${threads}; it wants a whole number from 1 on`);
  const size = sizeOf('wasmEngine', problem, parameters);
  return engineOf(
    await Kernels.start(problem, parameters, {
      size,
      threads: threads ?? cores(),
      mustStart: threads !== undefined,
    }),
    { trainCount: problem.trainInput.shape[0]!, testCount: problem.testInput.shape[0]!, size },
  );
}

/** The engine of these kernels. In a function of its own, so that it holds on to nothing else. */
function engineOf(
  started: Kernels,
  { trainCount, testCount, size }: Pick<Engine, 'trainCount' | 'testCount'> & { readonly size: NetworkSize },
): Engine {
  let kernels: Kernels | undefined = started;
  const present = (): Kernels => {
    if (kernels === undefined) throw new LonghandError('wasmEngine: this engine was disposed of; make another one');
    return kernels;
  };
  return {
    trainCount,
    testCount,
    async step(eta) {
      const result = present().forward();
      present().backward(eta);
      return result;
    },
    testErrors: async () => present().testErrors(),
    responses: async set => present().responses(set),
    parameters: async () => present().parameters,
    async setParameters(parameters) {
      mustBeOfSize('setParameters', parameters, size);
      present().parameters = parameters;
    },
    gradients: async () => present().gradients,
    async dispose() {
      kernels?.end();
      kernels = undefined;
    },
  };
}
