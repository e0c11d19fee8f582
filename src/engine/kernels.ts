import type { Tensor } from '../tensor/index.ts';
import { compile } from './compile.ts';
import type { LargeProblem, Parameters, Problem, SampleSet, StepResult } from './engine.ts';
import { countsUpTo, HowMany } from './how-many.ts';
import { ETA_AT, type Layout, layOut, SHARDS_AT, THREADS_AT, writePlan } from './layout.ts';
import { allocate } from './memory.ts';
import { readParameters, readResponses, writeChunks, writeParameters, writeProblem } from './packing.ts';
import { rowsOf } from './rows.ts';
import type { NetworkSize } from './sizes.ts';
import { type ShardRange, shardCount } from './split.ts';
import { oneThread, startThreads, type Threads } from './threads.ts';

/** What the threads do together: the functions that kernels/index.ts exports for it. */
const PARTS = ['forward', 'backward', 'sumGradients', 'update', 'test', 'respondToTrain', 'respondToTest'] as const;

/** A part of the training samples, of which others have the rest. The problem's rows are asked for those of this part. */
export interface Share {
  readonly shards: ShardRange;
  /** What everybody has counted in a part, added up. */
  total(counts: Uint32Array): Promise<Uint32Array>;
}

/**
 * The kernels at work on one problem: their memory, with data and parameters in it, and their threads.
 *
 * A gradient step is `forward` and then `backward`. The seam for those who compute a step together, each over shards of
 * their own, lies in `backward`, which is `sumGradients` and `update` in one: who calls these two can add, in between, the
 * sums of others to `gradientSums`. Neighbouring subtrees are added in the order of their shards, as the kernels do it,
 * and then all have the bits of one who did everything.
 */
export class Kernels {
  /** The shards that the training samples are cut into: a power of two. */
  readonly shards: number;
  /** The sums of `sumGradients`, without what the background adds to w1's, in the kernels' order: a view. */
  readonly gradientSums: Float32Array;
  readonly #buffer: ArrayBufferLike;
  readonly #layout: Layout;
  readonly #hidden: number;
  readonly #threads: Threads;
  readonly #howMany: HowMany;
  /** How many of the threads work. */
  readonly #working: Uint32Array;
  /** Milliseconds that the parts have taken since the last forward pass began. */
  #milliseconds = 0;
  readonly #eta: Float32Array;
  readonly #range: Uint32Array;
  readonly #losses: Float64Array;
  readonly #errors: Uint32Array;
  readonly #testErrors: Uint32Array;

  /**
   * Puts the problem into memory and starts the threads, or fewer where there are too few shards for so many, or where
   * memory cannot be shared. If `mustStart`, all of them work at every step, and it is an error where one does not start;
   * else as many as help, which may be one.
   *
   * @throws LonghandError where there is no WebAssembly or no memory.
   * @throws ThreadError where a thread that must start does not.
   */
  static async start(
    problem: Problem | LargeProblem,
    parameters: Parameters,
    { size, threads, mustStart, share }: { size: NetworkSize; threads: number; mustStart: boolean; share?: Share },
  ): Promise<Kernels> {
    const [trainInput, testInput] = [rowsOf(problem.trainInput), rowsOf(problem.testInput)];
    const [trainSamples, testSamples] = [trainInput.shape[0], testInput.shape[0]];
    // more threads than shards would find nothing to do
    const most = Math.max(shardCount(trainSamples), shardCount(testSamples));
    const count = typeof SharedArrayBuffer === 'undefined' ? 1 : Math.min(threads, most);
    const module = await compile(count > 1);

    const found = trainInput.background();
    const sparse = found && {
      background: found.value,
      train: found.others,
      test: testInput.others(found.value),
    };
    const { errorBelow } = problem;
    const kept = share?.shards;
    const layout = layOut({ ...size, trainSamples, testSamples, kept, sparse, errorBelow, threads: count });
    const memory = allocate(layout.bytes, count > 1);
    writePlan(memory.buffer, layout);
    const entries = writeProblem(memory.buffer, layout, problem);
    writeChunks(memory.buffer, layout, share === undefined ? entries : await share.total(entries));

    let pool: Threads;
    if (count === 1) pool = oneThread(module, memory);
    else {
      pool = await startThreads(module, memory, count, PARTS).catch(error => {
        if (mustStart) throw error;
        return oneThread(module, memory);
      });
    }
    const howMany = new HowMany(mustStart ? [pool.count] : countsUpTo(pool.count));
    return new Kernels(memory.buffer, layout, size.hidden, { threads: pool, howMany }, parameters);
  }

  private constructor(
    buffer: ArrayBufferLike,
    layout: Layout,
    hidden: number,
    { threads, howMany }: { threads: Threads; howMany: HowMany },
    parameters: Parameters,
  ) {
    const { plan, train, test } = layout;
    this.shards = train.shards;
    this.gradientSums = new Float32Array(buffer, plan.dw1, (plan.db2 - plan.dw1) / 4 + 4 * plan.classVectors);
    this.#buffer = buffer;
    this.#layout = layout;
    this.#hidden = hidden;
    this.#threads = threads;
    this.#howMany = howMany;
    this.#working = new Uint32Array(buffer, THREADS_AT, 1);
    this.#eta = new Float32Array(buffer, ETA_AT, 1);
    this.#range = new Uint32Array(buffer, SHARDS_AT, 2);
    const { first, end } = layout.kept;
    this.#losses = new Float64Array(buffer, train.losses + 8 * first, end - first);
    this.#errors = new Uint32Array(buffer, train.errors + 4 * first, end - first);
    this.#testErrors = new Uint32Array(buffer, test.errors, test.shards);
    this.parameters = parameters;
  }

  /** The forward pass, and backward to the hidden units: loss and errors of the training samples, or of some shards. */
  forward(range: ShardRange = this.#all): StepResult {
    this.#working[0] = this.#howMany.now;
    this.#milliseconds = 0;
    this.#run('forward', range);
    const [first, end] = [range.first - this.#layout.kept.first, range.end - this.#layout.kept.first];
    return { loss: treeSum(this.#losses.subarray(first, end)), errors: sum(this.#errors.subarray(first, end)) };
  }

  /** Sums the gradients over all shards and takes a step: parameters ← parameters − η · sums. */
  backward(eta: number): void {
    this.#eta[0] = eta;
    this.#run('backward', this.#all);
    this.#howMany.took(this.#milliseconds);
  }

  /**
   * Sums the gradients over one subtree, whose forward pass is done: shards in a number that is a power of two, from a
   * multiple of it on.
   */
  sumGradients(range: ShardRange): void {
    this.#run('sumGradients', range);
  }

  /** Takes a step with `gradientSums`, the sums over all shards. */
  update(eta: number): void {
    this.#eta[0] = eta;
    this.#run('update', this.#all);
    this.#howMany.took(this.#milliseconds);
  }

  /** Wrong answers on the test set. */
  testErrors(): number {
    this.#run('test', this.#all);
    return sum(this.#testErrors);
  }

  responses(set: SampleSet): Tensor<[number, number]> {
    this.#run(set === 'train' ? 'respondToTrain' : 'respondToTest', this.#all);
    return readResponses(this.#buffer, this.#layout.plan, this.#layout[set]);
  }

  /** Copies. */
  get parameters(): Parameters {
    const { plan } = this.#layout;
    return readParameters(this.#buffer, plan, this.#hidden, plan);
  }

  set parameters(parameters: Parameters) {
    writeParameters(this.#buffer, this.#layout.plan, parameters);
    this.#threads.alone('prepare');
  }

  /** Copies of the sums of the last step. */
  get gradients(): Parameters {
    const { plan } = this.#layout;
    return readParameters(this.#buffer, plan, this.#hidden, { w1: plan.dw1, b1: plan.db1, w2: plan.dw2, b2: plan.db2 });
  }

  /** Ends the other threads. */
  end(): void {
    this.#threads.end();
  }

  get #all(): ShardRange {
    return { first: 0, end: this.shards };
  }

  #run(part: (typeof PARTS)[number], { first, end }: ShardRange): void {
    this.#range[0] = first;
    this.#range[1] = end;
    const begin = performance.now();
    this.#threads.alone('begin');
    this.#threads.run(part, this.#working[0]!);
    this.#milliseconds += performance.now() - begin;
  }
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Neighbours first, then pairs of neighbours, as the kernels sum over shards. The length is a power of two. */
function treeSum(values: Float64Array): number {
  const middle = values.length / 2;
  return middle < 1 ? values[0]! : treeSum(values.subarray(0, middle)) + treeSum(values.subarray(middle));
}
