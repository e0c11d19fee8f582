import * as ours from '../practical.ts';
import type { Practical } from '../six-functions.ts';
import { type Tensor, zeros } from '../tensor/index.ts';
import { ReusableStorage, reusingStorage } from '../tensor/storage.ts';
import type { Engine, Parameters, Problem } from './engine.ts';
import { mustBeOfSize, sizeOf } from './sizes.ts';

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
  const { forwardPass, backwardPass, loss } = functions;
  const { trainInput, trainTarget, testInput, testTarget, errorBelow } = problem;
  const size = sizeOf('sampleEngine', problem as unknown as Problem, parameters as unknown as Parameters);
  const { w1, b1, w2, b2 } = copyOf(parameters);
  const [H, D] = w1.size();
  const [C] = b2.size();
  const [N] = trainInput.size();
  const [M] = testInput.size();
  const dlDw1 = zeros([H, D], w1);
  const dlDb1 = zeros([H], w1);
  const dlDw2 = zeros([C, H], w1);
  const dlDb2 = zeros([C], w1);

  const oneSample = withOwnStorage(functions);

  const isError = (x2: Tensor<[C]>, t: Tensor<[C]>): boolean => t.select(0, x2.argmax().item()).item() < errorBelow;

  return {
    trainCount: N,
    testCount: M,

    async step(eta) {
      dlDw1.zero_();
      dlDb1.zero_();
      dlDw2.zero_();
      dlDb2.zero_();
      let accLoss = 0;
      let errors = 0;

      for (let n = 0; n < N; n++) {
        oneSample(() => {
          const x = trainInput.select(0, n);
          const t = trainTarget.select(0, n);
          const [, s1, x1, s2, x2] = forwardPass(w1, b1, w2, b2, x);
          if (isError(x2, t)) errors += 1;
          accLoss += loss(x2, t).item();
          backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2);
        });
      }

      w1.sub_(dlDw1.mul(eta));
      b1.sub_(dlDb1.mul(eta));
      w2.sub_(dlDw2.mul(eta));
      b2.sub_(dlDb2.mul(eta));
      return { loss: accLoss, errors };
    },

    async testErrors() {
      let errors = 0;
      for (let n = 0; n < M; n++) {
        oneSample(() => {
          const [, , , , x2] = forwardPass(w1, b1, w2, b2, testInput.select(0, n));
          if (isError(x2, testTarget.select(0, n))) errors += 1;
        });
      }
      return errors;
    },

    async responses(set) {
      const input = set === 'train' ? trainInput : testInput;
      const answers = zeros([input.size(0), C], w1);
      for (let n = 0; n < input.size(0); n++) {
        oneSample(() => {
          const [, , , , x2] = forwardPass(w1, b1, w2, b2, input.select(0, n));
          answers.select(0, n).copy_(x2);
        });
      }
      return answers;
    },

    parameters: async () => copyOf({ w1, b1, w2, b2 }),
    async setParameters(others) {
      mustBeOfSize('setParameters', others, size);
      w1.copy_(others.w1 as typeof w1);
      b1.copy_(others.b1 as typeof b1);
      w2.copy_(others.w2 as typeof w2);
      b2.copy_(others.b2 as typeof b2);
    },
    gradients: async () => copyOf({ w1: dlDw1, b1: dlDb1, w2: dlDw2, b2: dlDb2 }),
    async dispose() {},
  };
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

function copyOf<H extends number, D extends number, C extends number>(p: Parameters<H, D, C>): Parameters<H, D, C> {
  return { w1: p.w1.clone(), b1: p.b1.clone(), w2: p.w2.clone(), b2: p.b2.clone() };
}
