import type { Engine, LargeProblem, Parameters, Problem } from '../engine/engine.ts';
import { Kernels } from '../engine/kernels.ts';
import { type InputRows, type Rows, rowsOf } from '../engine/rows.ts';
import { mustBeOfSize, sizeOf } from '../engine/sizes.ts';
import { LonghandError, Tensor } from '../tensor/index.ts';
import { partsOf, type Whole } from './parts.ts';
import type { Ranks } from './ranks.ts';
import { subtreesOf, treeTotal } from './shares.ts';
import { TreeSum } from './tree-sum.ts';

/** How the ranks' sums become one: in the order of the engine's tree, or as MPI likes, which changes the last bits. */
export type Reduce = 'tree' | 'fast';

export interface RanksEngineOptions {
  readonly whole: Whole;
  readonly threads: number;
  /** Whether threads that do not start are an error. */
  readonly mustStart: boolean;
  readonly reduce: Reduce;
  /** Whether this rank would like to end after this step. Where one would, all do: `stop` is called on all. */
  readonly wantsToStop: () => boolean;
  readonly stop: () => void;
}

/**
 * The fast engine over several ranks, every one of which calls the same members in the same order. Each has a part of the
 * samples, its `problem`, and computes their shards; parameters and gradients are on all ranks alike.
 */
export async function ranksEngine(
  ranks: Ranks,
  problem: Problem | LargeProblem,
  parameters: Parameters,
  { whole, threads, mustStart, reduce, wantsToStop, stop }: RanksEngineOptions,
): Promise<Engine> {
  const size = sizeOf('train', problem, parameters);
  const parts = partsOf(whole, ranks.size);
  const shares = parts.map(({ shards }) => shards);
  // of a generator that nobody seeded each rank would have drawn others
  const first = await ranks.fromFirst(eachOf(parameters, tensor => Float32Array.from(tensor.elements())));
  const same = eachOf(parameters, (tensor, name) => new Tensor(first[name], tensor.shape, 'float32')) as Parameters;
  const { train, shards } = parts[ranks.rank]!;
  const share = { shards, total: (counts: Uint32Array) => totalOf(ranks, counts) };
  const kernels = await Kernels.start(among(problem, train.first, whole), same, { size, threads, mustStart, share });
  const { gradientSums } = kernels;
  const own = subtreesOf(shares[ranks.rank]!).map(range => ({ range, sums: new Float32Array(gradientSums.length) }));
  const tree = reduce === 'tree' ? new TreeSum(ranks, shares, gradientSums.length) : undefined;
  const subtrees = shares.flatMap((share, rank) => subtreesOf(share).map((range, i) => ({ ...range, rank, i })));
  // beside its sums a rank says: whether it wants to stop, how many errors it saw, and the loss of each subtree
  const said = shares.map(share => new Float64Array(2 + subtreesOf(share).length));

  return {
    trainCount: whole.trainCount,
    testCount: whole.testCount,
    async step(eta) {
      const results = own.map(({ range }) => kernels.forward(range));
      for (const { range, sums } of own) {
        kernels.sumGradients(range);
        sums.set(gradientSums);
      }
      const errors = results.reduce((sum, result) => sum + result.errors, 0);
      said[ranks.rank]!.set([Number(wantsToStop()), errors, ...results.map(({ loss }) => loss)]);
      const words = {
        sends: ranks.others.map(rank => ({ rank, data: said[ranks.rank]! })),
        receives: ranks.others.map(rank => ({ rank, data: said[rank]! })),
      };
      if (tree !== undefined)
        await tree.total(
          own.map(({ sums }) => sums),
          gradientSums,
          words,
        );
      else {
        const [{ sums }, ...more] = own as [(typeof own)[0], ...typeof own];
        for (const one of more) for (let i = 0; i < sums.length; i++) sums[i]! += one.sums[i]!;
        await ranks.exchange(words.sends, words.receives);
        await ranks.sum(sums, gradientSums);
      }
      kernels.update(eta);
      if (said.some(([wants]) => wants !== 0)) stop();
      const losses = subtrees.map(({ first, end, rank, i }) => ({ first, end, sum: said[rank]![2 + i]! }));
      return { loss: treeTotal(losses, (a, b) => a + b), errors: said.reduce((sum, words) => sum + words[1]!, 0) };
    },
    async testErrors() {
      const counts = ranks.others.map(rank => ({ rank, data: new Float64Array(1) }));
      const own = Float64Array.of(kernels.testErrors());
      await ranks.exchange(
        counts.map(({ rank }) => ({ rank, data: own })),
        counts,
      );
      return counts.reduce((sum, { data }) => sum + data[0]!, own[0]!);
    },
    async responses() {
      throw new LonghandError('train: ranks keep no responses: each has samples of its own');
    },
    parameters: async () => kernels.parameters,
    async setParameters(parameters) {
      mustBeOfSize('setParameters', parameters, size);
      kernels.parameters = parameters;
    },
    gradients: async () => kernels.gradients,
    dispose: async () => kernels.end(),
  };
}

/** A part of the training samples, which begin with the one of number `first`, by the numbers that they have among all. */
function among(part: Problem | LargeProblem, first: number, { trainCount, background }: Whole): LargeProblem {
  const numbered = <R extends Rows>(rows: R): R => ({
    ...rows,
    shape: [trainCount, rows.shape[1]],
    rows: (from: number, end: number) => rows.rows(from - first, end - first),
  });
  const inputs = rowsOf(part.trainInput);
  return {
    ...part,
    trainInput: {
      ...numbered<InputRows>(inputs),
      background: () =>
        background === undefined ? undefined : { value: background, others: inputs.others(background) },
    },
    trainTarget: numbered(rowsOf(part.trainTarget)),
  };
}

/** What every rank has counted, added up. */
async function totalOf(ranks: Ranks, counts: Uint32Array): Promise<Uint32Array> {
  const all = await ranks.fromAll(counts);
  return counts.map((_, i) => all.reduce((sum, one) => sum + one[i]!, 0));
}

/** What `make` makes of each of the four. */
function eachOf<T>(
  parameters: Parameters,
  make: (tensor: Tensor, name: keyof Parameters) => T,
): Record<keyof Parameters, T> {
  const entries = Object.entries(parameters) as [keyof Parameters, Tensor][];
  return Object.fromEntries(entries.map(([name, tensor]) => [name, make(tensor, name)])) as Record<keyof Parameters, T>;
}
