import { backgroundOf } from '../engine/background.ts';
import type { Engine, Parameters, Problem, SampleSet, StepResult } from '../engine/engine.ts';
import { copyInto, copyOf, engineOf, SampleLoop, zerosOf } from '../engine/sample.ts';
import { sizeOf } from '../engine/sizes.ts';
import * as ours from '../practical.ts';
import type { Practical } from '../six-functions.ts';
import { type Shape, type Tensor, zeros } from '../tensor/index.ts';
import { sameShape } from '../tensor/shape.ts';
import { Batch, Pool } from './batch.ts';
import { Listener } from './listener.ts';
import { Pass } from './pass.ts';
import { type Block, Products } from './products.ts';
import { Trace } from './trace.ts';
import { NotAtOnce, placeOnStack, type WhyNot } from './why-not.ts';

export interface BatchEngineOptions {
  /** Told once, where the functions cannot be run for all samples at once and the loop over single samples takes over. */
  readonly onSampleBySample?: (why: WhyNot) => void;
  /** Where the functions are at present, a file and a line; as the stack shows it, where none is given. */
  readonly place?: () => string | undefined;
  /** What is known of the functions beforehand that speaks against it. */
  readonly against?: WhyNot | undefined;
}

/** So many samples are worked on at once: what they need stays in the processor's second cache, nearly. */
const MOST_SAMPLES = 1024;
/** And so many numbers of a layer. */
const MOST_NUMBERS = 2 ** 21;

/**
 * The practical's own loop, all samples at once: each of the six functions is called once a step with tensors that stand
 * for those of every sample, and gives what it gives one by one, but for rounding. Where a function cannot be run so, for
 * it looks at a number or keeps something, the loop over single samples, `sampleEngine`'s, takes over for good, and
 * `onSampleBySample` is told why. It may do so in the middle of a training; the numbers are the same.
 *
 * @throws ShapeError where problem and parameters do not fit each other.
 */
export function batchEngine<H extends number, D extends number, C extends number>(
  problem: Problem<D, C>,
  parameters: Parameters<H, NoInfer<D>, NoInfer<C>>,
  functions: Practical = ours,
  options: BatchEngineOptions = {},
): Engine {
  const size = sizeOf('batchEngine', problem as unknown as Problem, parameters as unknown as Parameters);
  const atOnce = new AtOnce(problem as unknown as Problem, parameters as unknown as Parameters, functions, options);
  return engineOf(atOnce.loop, size, atOnce);
}

/** Training or test samples, cut into blocks. */
interface Samples {
  readonly input: Tensor<[number, number]>;
  readonly target: Tensor<[number, number]>;
  readonly blocks: readonly Block[];
}

class AtOnce {
  readonly loop: SampleLoop;
  readonly #functions: Practical;
  readonly #options: BatchEngineOptions;
  readonly #products: Products;
  readonly #trace = new Trace();
  readonly #pool = new Pool();
  readonly #errorBelow: number;
  readonly #sets: Readonly<Record<SampleSet, Samples>>;
  /** `not yet`: the first step is still to be computed both ways. */
  #isTrusted: 'yes' | 'no' | 'not yet' = 'not yet';

  constructor(problem: Problem, parameters: Parameters, functions: Practical, options: BatchEngineOptions) {
    this.loop = new SampleLoop(problem, parameters, functions);
    this.#functions = functions;
    this.#options = options;
    this.#errorBelow = problem.errorBelow;
    const [hidden] = parameters.w1.shape as [number, number];
    this.#products = new Products(hidden, options.against === undefined);
    const blocksOf = (count: number): Block[] => {
      const most = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(MOST_NUMBERS / (hidden + parameters.b2.numel()))));
      const blocks = Math.ceil(count / most);
      const start = (block: number) => Math.floor((count * block) / blocks);
      return Array.from({ length: blocks }, (_, block) => ({ first: start(block), end: start(block + 1) }));
    };
    const { trainInput, trainTarget, testInput, testTarget } = problem;
    this.#sets = {
      train: { input: trainInput, target: trainTarget, blocks: blocksOf(this.loop.trainCount) },
      test: { input: testInput, target: testTarget, blocks: blocksOf(this.loop.testCount) },
    };
    if (options.against !== undefined) this.#giveUp(options.against);
  }

  /** The inputs, for the products; see products.ts. */
  #split(): void {
    const { train, test } = this.#sets;
    const rowsOf = ({ input }: Samples) => ({
      data: input.data as Float32Array,
      samples: input.size(0),
      inputs: input.size(1),
    });
    const isPlain = ({ input }: Samples) =>
      input.dtype === 'float32' && input.isContiguous() && input.data.length === input.numel();
    if (!isPlain(train) || !isPlain(test)) return;
    const background = backgroundOf(rowsOf(train).data);
    if (background === undefined) return;
    this.#products.split(rowsOf(train), train.blocks, background.value, true);
    this.#products.split(rowsOf(test), test.blocks, background.value, false);
  }

  step(eta: number): StepResult {
    if (this.#isTrusted === 'no') return this.loop.step(eta);
    this.loop.begin();
    const result = this.#takeAll();
    this.loop.descend(eta);
    return result;
  }

  #takeAll(): StepResult {
    const { loop } = this;
    const total = { loss: 0, errors: 0 };
    const add = ({ loss, errors }: StepResult) => {
      total.loss += loss;
      total.errors += errors;
    };
    for (const block of this.#sets.train.blocks) {
      if (this.#isTrusted === 'not yet') add(this.#takeBothWays(block));
      else if (this.#isTrusted === 'no') add(loop.take(block.first, block.end));
      else {
        const taken = this.#tried(() => this.#takeAtOnce(block, loop.sums));
        if (taken === undefined) {
          // nothing of it may be used, so that the step begins anew
          loop.begin();
          return loop.take(0, loop.trainCount);
        }
        add(taken);
      }
    }
    return total;
  }

  /** A block of samples in one go: loss and errors; the gradients go into the sums. */
  #takeAtOnce({ first, end }: Block, sums: Parameters): StepResult {
    const { loss, backwardPass } = this.#functions;
    const { input, target } = this.#sets.train;
    const { pass, given, x, values } = this.#forward(input, { first, end });
    const [w1, b1, w2, b2] = given;
    const [, s1, x1, s2, x2] = values;
    const targets = target.narrow(0, first, end - first);
    const errors = this.#errorsAmong(pass, x2, targets);
    const t = pass.giveRows(targets);
    let total = 0;
    // now, for what comes may change it in place
    for (const one of pass.numbersOf(pass.call('loss', () => loss(x2, t as never)))) total += one;
    const [dlDw1, dlDb1, dlDw2, dlDb2] = [sums.w1, sums.b1, sums.w2, sums.b2].map(sum => pass.giveSum(sum as Tensor));
    pass.call('backwardPass', () =>
      // biome-ignore format: the arguments in a row, as the practical has them
      backwardPass(
        w1, b1, w2, b2, t as never, x as never, s1, x1, s2, x2,
        dlDw1 as never, dlDb1 as never, dlDw2 as never, dlDb2 as never,
      ),
    );
    return { loss: total, errors };
  }

  /** The forward pass of some samples, with what it was given. */
  #forward(input: Tensor<[number, number]>, { first, end }: Block) {
    const pass = new Pass(new Batch(end - first, this.#products, this.#pool, this.#place), this.#trace);
    const parameters = NAMES.map(name => pass.give(this.loop.parameters[name] as Tensor));
    const given = parameters as unknown as [w1: never, b1: never, w2: never, b2: never];
    const x = pass.giveRows(input.narrow(0, first, end - first));
    const values = pass.call('forwardPass', () => this.#functions.forwardPass(...given, x as never));
    return { pass, given, x, values };
  }

  /** How many of the answers `x2` are wrong. */
  #errorsAmong(pass: Pass, x2: Tensor, targets: Tensor<[number, number]>): number {
    const predicted = pass.manyOf(x2).rows().argmax(1).elements();
    const [, classes] = targets.size();
    if (predicted.some(c => c >= classes))
      throw new NotAtOnce({ says: 'there is no class of the number that the answer is' });
    const wanted = targets.elements();
    let errors = 0;
    predicted.forEach((c, n) => {
      if (wanted[n * classes + c]! < this.#errorBelow) errors += 1;
    });
    return errors;
  }

  /** The first block, sample by sample and at once: where that is not the same, it is done sample by sample for good. */
  #takeBothWays(block: Block): StepResult {
    const { loop } = this;
    const listener = new Listener(this.#trace, this.#place);
    const functions = listener.to(this.#functions);
    const few = Math.min(block.end, block.first + FEW);
    const { result, shares } = this.#measured(block.first, few, functions);
    const rest = loop.take(few, block.end, functions);
    const taken = { loss: result.loss + rest.loss, errors: result.errors + rest.errors };
    if (listener.why !== undefined) {
      this.#giveUp(listener.why);
      return taken;
    }
    this.#split(); // not before: the samples may come later than the engine is made
    const sums = zerosOf(loop.sums);
    const atOnce = this.#tried(() => this.#takeAtOnce(block, sums));
    if (atOnce === undefined) return taken;
    const allowed = NAMES.map(name => ROUNDING * (block.end - block.first) * shares[name]);
    const off = NAMES.map(name => distance(sums[name], loop.sums[name]));
    const tooFar = () => NAMES.filter((_, i) => !(off[i]! <= allowed[i]!));
    let wrong = tooFar();
    if (wrong.length > 0) {
      // perhaps the weights are such that rounding is amplified
      for (const [i, most] of this.#amplified(block).entries()) allowed[i] = Math.max(allowed[i]!, most);
      wrong = tooFar();
    }
    if (wrong.length > 0 || !isNear(atOnce.loss, taken.loss)) {
      const what = wrong.length > 0 ? wrong.map(name => `dℓ/d${name}`).join(', ') : 'the loss';
      const come = wrong.length > 1 ? 'come' : 'comes';
      this.#giveUp({ says: `${what} ${come} out otherwise for all samples at once` });
      return taken;
    }
    this.#isTrusted = 'yes';
    // from now on every step is computed at once, and the first one is to have the same bits wherever it is taken
    copyInto(loop.sums, sums);
    return atOnce;
  }

  /** A few samples one by one, and how much a sample changes each of the sums. */
  #measured(first: number, end: number, functions: Practical) {
    const { loop } = this;
    const result = { loss: 0, errors: 0 };
    const shares = { w1: 0, b1: 0, w2: 0, b2: 0 };
    for (let n = first; n < end; n++) {
      const before = copyOf(loop.sums);
      const { loss, errors } = loop.take(n, n + 1, functions);
      result.loss += loss;
      result.errors += errors;
      for (const name of NAMES) shares[name] = Math.max(shares[name], distance(loop.sums[name], before[name]));
    }
    return { result, shares };
  }

  /** How much the sums change, sample by sample, where every weight is changed by a millionth of itself. */
  #amplified(block: Block): number[] {
    const { loop } = this;
    const [parameters, sums] = [copyOf(loop.parameters), copyOf(loop.sums)];
    for (const name of NAMES) {
      const { data } = loop.parameters[name];
      for (let i = 0; i < data.length; i++) data[i]! *= 1 + (i % 2 === 0 ? 1e-6 : -1e-6);
    }
    loop.begin();
    loop.take(block.first, block.end);
    const changes = NAMES.map(name => 2 * distance(loop.sums[name], sums[name]));
    loop.setParameters(parameters);
    copyInto(loop.sums, sums);
    return changes;
  }

  /** What `f` comes to, or undefined where it cannot be had at once; then it is given up. */
  #tried<T>(f: () => T): T | undefined {
    try {
      return f();
    } catch (error) {
      this.#giveUp(error instanceof NotAtOnce ? error.why : { says: 'the functions fail for all samples at once' });
      return undefined;
    }
  }

  #giveUp(why: WhyNot): void {
    this.#isTrusted = 'no';
    this.#options.onSampleBySample?.(why);
  }

  readonly #place = (): string | undefined => (this.#options.place ?? placeOnStack)();

  testErrors(): number {
    if (this.#isTrusted !== 'yes') return this.loop.testErrors();
    return (
      this.#tried(() => {
        let errors = 0;
        const { input, target, blocks } = this.#sets.test;
        for (const block of blocks) {
          const { pass, values } = this.#forward(input, block);
          errors += this.#errorsAmong(pass, values[4], target.narrow(0, block.first, block.end - block.first));
        }
        return errors;
      }) ?? this.loop.testErrors()
    );
  }

  responses(set: SampleSet): Tensor<[number, number]> {
    if (this.#isTrusted !== 'yes') return this.loop.responses(set);
    return (
      this.#tried(() => {
        const { input, target, blocks } = this.#sets[set];
        const answers = zeros([input.size(0), target.size(1)], this.loop.parameters.w1);
        for (const block of blocks) {
          const { pass, values } = this.#forward(input, block);
          const answered = answers.narrow(0, block.first, block.end - block.first);
          const x2 = pass.manyOf(values[4]);
          if (!sameShape(x2.shape, [target.size(1)]))
            throw new NotAtOnce({ says: 'the answer is no vector of the classes' });
          answered.copy_(x2.all() as typeof answers);
        }
        return answers;
      }) ?? this.loop.responses(set)
    );
  }
}

const NAMES = ['w1', 'b1', 'w2', 'b2'] as const;
/** The samples by which is told how large a sample's share of a sum is. */
const FEW = 8;
/**
 * How far the sums of two correct ways may be apart, as a part of what the samples' shares would come to if none
 * cancelled another. float32 keeps 24 bits, of which a sum of a thousand terms loses five at most. A sample that is lost
 * among a thousand is a thousandth.
 */
const ROUNDING = 1e-4;

function distance(a: Tensor<Shape>, b: Tensor<Shape>): number {
  const [x, y] = [a.elements(), b.elements()];
  let squares = 0;
  for (let i = 0; i < x.length; i++) {
    // what is no number either way is no difference
    if (!Object.is(x[i], y[i])) squares += (x[i]! - y[i]!) ** 2;
  }
  return Math.sqrt(squares);
}

const isNear = (a: number, b: number): boolean => Object.is(a, b) || Math.abs(a - b) <= ROUNDING * Math.abs(b);
