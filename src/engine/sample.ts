import * as ours from '../practical.ts';
import type { Practical } from '../six-functions.ts';
import { type Tensor, zeros, zerosLike } from '../tensor/index.ts';
import { ReusableStorage, reusingStorage } from '../tensor/storage.ts';
import type { Engine, Parameters, Problem, SampleSet, StepResult } from './engine.ts';
import { mustBeOfSize, type NetworkSize, sizeOf } from './sizes.ts';

/**
 * The reference: the practical's own loop, one sample at a time, through the six functions as they are written; through
 * `functions` where others are given. What every other engine computes is what this one computes with ours.
 *
 * @example
 * const problem = problemOf({ inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], labels: [0, 1, 1, 0], test: 0.25 });
 * const engine = sampleEngine(problem, initialParameters({ inputs: 2, hidden: 8, classes: 2 }, 0.5));
 * console.log(await engine.step(0.05)); // the loss and the errors before it
 * // with functions of your own: `import * as mine from './mine.ts'`, then sampleEngine(problem, parameters, mine)
 *
 * @throws ShapeError where problem and parameters do not fit each other.
 */
export function sampleEngine<H extends number, D extends number, C extends number>(
  problem: Problem<D, C>,
  parameters: Parameters<H, NoInfer<D>, NoInfer<C>>,
  functions: Practical = ours,
): Engine {
  const size = sizeOf('sampleEngine', problem as unknown as Problem, parameters as unknown as Parameters);
  const loop = new SampleLoop(problem as unknown as Problem, parameters as unknown as Parameters, functions);
  return engineOf(loop, size);
}

/** An engine with the parameters and sums of a loop; what works with them is the loop itself, or another. */
export function engineOf(
  loop: SampleLoop,
  size: NetworkSize,
  work: Pick<SampleLoop, 'step' | 'testErrors' | 'responses'> = loop,
): Engine {
  return {
    trainCount: loop.trainCount,
    testCount: loop.testCount,
    step: async eta => work.step(eta),
    testErrors: async () => work.testErrors(),
    responses: async set => work.responses(set),
    parameters: async () => copyOf(loop.parameters),
    async setParameters(others) {
      mustBeOfSize('setParameters', others, size);
      loop.setParameters(others);
    },
    gradients: async () => copyOf(loop.sums),
    async dispose() {},
  };
}

/** The loop itself, over all samples or some of them. */
export class SampleLoop {
  readonly trainCount: number;
  readonly testCount: number;
  /** These very tensors are what the functions are given. */
  readonly parameters: Parameters;
  readonly sums: Parameters;
  readonly #problem: Problem;
  readonly #functions: Practical;
  readonly #oneSample: (work: () => void) => void;

  constructor(problem: Problem, parameters: Parameters, functions: Practical) {
    this.trainCount = problem.trainInput.size(0);
    this.testCount = problem.testInput.size(0);
    this.parameters = copyOf(parameters);
    this.sums = zerosOf(parameters);
    this.#problem = problem;
    this.#functions = functions;
    this.#oneSample = withOwnStorage(functions);
  }

  step(eta: number): StepResult {
    this.begin();
    const result = this.take(0, this.trainCount);
    this.descend(eta);
    return result;
  }

  /** The four sums are zeroed. */
  begin(): void {
    const { w1: dlDw1, b1: dlDb1, w2: dlDw2, b2: dlDb2 } = this.sums;
    dlDw1.zero_();
    dlDb1.zero_();
    dlDw2.zero_();
    dlDb2.zero_();
  }

  /** Training samples `first` to before `end`, forward and backward: their gradients go into the sums. */
  take(first: number, end: number, functions: Practical = this.#functions): StepResult {
    const { forwardPass, backwardPass, loss } = functions;
    const { trainInput, trainTarget } = this.#problem;
    const { w1, b1, w2, b2 } = this.parameters;
    const { w1: dlDw1, b1: dlDb1, w2: dlDw2, b2: dlDb2 } = this.sums;
    let accLoss = 0;
    let errors = 0;

    for (let n = first; n < end; n++) {
      this.#oneSample(() => {
        const x = trainInput.select(0, n);
        const t = trainTarget.select(0, n);
        const [, s1, x1, s2, x2] = forwardPass(w1, b1, w2, b2, x);
        if (this.#isError(x2, t)) errors += 1;
        accLoss += loss(x2, t).item();
        backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2);
      });
    }
    return { loss: accLoss, errors };
  }

  /** The step with the sums. */
  descend(eta: number): void {
    const { w1, b1, w2, b2 } = this.parameters;
    const { w1: dlDw1, b1: dlDb1, w2: dlDw2, b2: dlDb2 } = this.sums;
    w1.sub_(dlDw1.mul(eta));
    b1.sub_(dlDb1.mul(eta));
    w2.sub_(dlDw2.mul(eta));
    b2.sub_(dlDb2.mul(eta));
  }

  testErrors(): number {
    const { testInput, testTarget } = this.#problem;
    const { w1, b1, w2, b2 } = this.parameters;
    let errors = 0;
    for (let n = 0; n < this.testCount; n++) {
      this.#oneSample(() => {
        const [, , , , x2] = this.#functions.forwardPass(w1, b1, w2, b2, testInput.select(0, n));
        if (this.#isError(x2, testTarget.select(0, n))) errors += 1;
      });
    }
    return errors;
  }

  responses(set: SampleSet): Tensor<[number, number]> {
    const input = set === 'train' ? this.#problem.trainInput : this.#problem.testInput;
    const { w1, b1, w2, b2 } = this.parameters;
    const answers = zeros([input.size(0), b2.size(0)], w1);
    for (let n = 0; n < input.size(0); n++) {
      this.#oneSample(() => {
        const [, , , , x2] = this.#functions.forwardPass(w1, b1, w2, b2, input.select(0, n));
        answers.select(0, n).copy_(x2);
      });
    }
    return answers;
  }

  setParameters(others: Parameters): void {
    copyInto(this.parameters, others);
  }

  #isError(x2: Tensor<[number]>, t: Tensor<[number]>): boolean {
    return t.select(0, x2.argmax().item()).item() < this.#problem.errorBelow;
  }
}

/**
 * How the work on one sample is done. Our own functions keep none of the tensors that they make, so the next sample may
 * write into the same storage; what others do with theirs is not known, and theirs stay as they are.
 */
function withOwnStorage(functions: Practical): (work: () => void) => void {
  const isOurs = Object.entries(ours).every(([name, own]) => functions[name as keyof Practical] === own);
  if (!isOurs) return work => work();
  const storage = new ReusableStorage();
  return work => reusingStorage(storage, work);
}

export function copyOf(p: Parameters): Parameters {
  return { w1: p.w1.clone(), b1: p.b1.clone(), w2: p.w2.clone(), b2: p.b2.clone() };
}

export function zerosOf(p: Parameters): Parameters {
  return { w1: zerosLike(p.w1), b1: zerosLike(p.b1), w2: zerosLike(p.w2), b2: zerosLike(p.b2) };
}

export function copyInto(to: Parameters, { w1, b1, w2, b2 }: Parameters): void {
  to.w1.copy_(w1);
  to.b1.copy_(b1);
  to.w2.copy_(w2);
  to.b2.copy_(b2);
}
