import { nextTurn } from '#platform';
import type { Engine, Parameters } from './engine/engine.ts';
import { epsilon as epsilonSetting, eta as etaSetting, steps as stepsSetting } from './settings/training.ts';
import { empty, type Generator, LonghandError, type Tensor } from './tensor/index.ts';

/** What one gradient step gave: loss and training error at the weights before it, test error at those after it. */
export interface StepReport {
  /** Counted from 0. */
  readonly step: number;
  /** ‖t − x₂‖² summed over the training samples. */
  readonly trainLoss: number;
  /** In percent. */
  readonly trainError: number;
  /** In percent. */
  readonly testError: number;
}

/** Training came to numbers that are no numbers. */
export class TrainingError extends LonghandError {
  override name = 'TrainingError';
}

export interface TrainingOptions {
  /** The number of gradient steps in all, those before `firstStep` among them; 1,000 unless asked otherwise. */
  readonly steps?: number;
  /** The step size is this divided by the number of training samples; 0.1 unless asked otherwise. */
  readonly eta?: number;
  /** The number of the first step, where a training is continued; 0 unless asked otherwise. */
  readonly firstStep?: number;
  /** Aborted, it ends the training before the next step. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * An engine may compute in this very thread, and its promises are then kept without a pause: signals, timers and a page
 * would wait until the training is over. So everybody else has a turn after so many milliseconds.
 */
const MOST_MS_WITHOUT_A_TURN = 25;

/**
 * The training of the practical: gradient steps of size eta / N, each followed by a look at the test set. Yields a
 * report after each step. Stop iterating, or abort the signal, and it stops between two steps.
 *
 * @example
 * const problem = problemOf({ inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], labels: [0, 1, 1, 0], test: 0.25 });
 * const engine = sampleEngine(problem, initialParameters({ inputs: 2, hidden: 8, classes: 2 }, 0.5));
 * for await (const { step, trainLoss, testError } of train(engine, { steps: 20, eta: 0.2 })) {
 *   console.log(step, trainLoss, `${testError}%`);
 * }
 *
 * @throws the signal's reason where it is aborted before the last step.
 * @throws TrainingError where the loss or, before the first step and after the last, a parameter is NaN or infinite.
 */
export async function* train(
  engine: Engine,
  { steps = stepsSetting.default, eta = etaSetting.default, firstStep = 0, signal }: TrainingOptions = {},
): AsyncGenerator<StepReport, void, void> {
  const N = engine.trainCount;
  const M = engine.testCount;
  let lastTurn = performance.now();
  await mustBeFinite(engine, firstStep, `before step ${firstStep}`);
  for (let step = firstStep; step < steps; step++) {
    if (performance.now() - lastTurn > MOST_MS_WITHOUT_A_TURN) {
      await nextTurn();
      lastTurn = performance.now();
    }
    signal?.throwIfAborted();
    const { loss, errors } = await engine.step(eta / N);
    // tanh hides an infinite weight from the loss: at the end we look at the weights themselves
    if (!Number.isFinite(loss) || step === steps - 1)
      await mustBeFinite(engine, step, `step ${step}: the training loss is ${loss} and`);
    if (!Number.isFinite(loss)) throw new TrainingError(`step ${step}: the training loss is ${loss}. ${causeAt(step)}`);
    const testErrors = await engine.testErrors();
    yield { step, trainLoss: loss, trainError: (100 * errors) / N, testError: (100 * testErrors) / M };
  }
}

/** One line of the practical's log, as Python formats it. */
export function logLine({ step, trainLoss, trainError, testError }: StepReport): string {
  return `${step} acc_train_loss ${fixed2(trainLoss)} acc_train_error ${fixed2(trainError)}% test_error ${fixed2(testError)}%`;
}

/** Python's `{:.02f}`: JavaScript's `toFixed` rounds a tie up, Python to the even digit. */
function fixed2(x: number): string {
  const tie = Math.abs(x * 8) % 2 === 1; // only odd eighths lie halfway between two hundredths
  const below = Math.floor(x * 100);
  return (tie ? (below + Math.abs(below % 2)) / 100 : x).toFixed(2);
}

/**
 * The parameters at the start, drawn from N(0, ε²) in the order w1, b1, w2, b2 by the default generator (or another):
 * with `manualSeed(s)` before it, PyTorch's own.
 *
 * @example
 * manualSeed(0);
 * const parameters = initialParameters({ inputs: 784, hidden: 50, classes: 10 });
 * console.log(parameters.w1.shape); // [50, 784]
 */
export function initialParameters<H extends number, D extends number, C extends number>(
  { inputs, hidden, classes }: { inputs: D; hidden: H; classes: C },
  epsilon: number = epsilonSetting.default,
  generator?: Generator,
): Parameters<NoInfer<H>, NoInfer<D>, NoInfer<C>> {
  return {
    w1: empty(hidden, inputs).normal_(0, epsilon, generator),
    b1: empty(hidden).normal_(0, epsilon, generator),
    w2: empty(classes, hidden).normal_(0, epsilon, generator),
    b2: empty(classes).normal_(0, epsilon, generator),
  };
}

/** @throws TrainingError where a parameter or its gradient is NaN or infinite, with the likely cause. */
async function mustBeFinite(engine: Engine, step: number, when: string): Promise<void> {
  for (const [kind, tensors] of [
    ['', await engine.parameters()],
    ['the gradient of ', await engine.gradients()],
  ] as const) {
    for (const [name, tensor] of Object.entries(tensors) as [string, Tensor][]) {
      const value = tensor.elements().find(x => !Number.isFinite(x));
      if (value !== undefined) throw new TrainingError(`${when} ${kind}${name} holds ${value}. ${causeAt(step)}`);
    }
  }
}

function causeAt(step: number): string {
  return step === 0
    ? 'The likely cause: the inputs, the targets or the initial weights hold such a number, or are too large to multiply'
    : 'The likely cause: the steps are too large. Try a smaller eta';
}
