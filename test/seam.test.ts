import { expect, test } from 'vitest';
import { countOthers } from '../src/engine/background.ts';
import type { Parameters } from '../src/engine/engine.ts';
import { Kernels } from '../src/engine/kernels.ts';
import { type InputRows, type Rows, rowsOf } from '../src/engine/rows.ts';
import { sizeOf } from '../src/engine/sizes.ts';
import { type ShardRange, shardCount, shardStart } from '../src/engine/split.ts';
import { subtreesOf } from '../src/ranks/shares.ts';
import { randomCase } from './conforming.ts';

// Several who compute a step together, each over shards of its own, come to the bits of one who computes it alone.

type Case = ReturnType<typeof randomCase>;

const start = ({ problem, parameters }: Case, threads: number): Promise<Kernels> =>
  Kernels.start(problem, parameters, { size: sizeOf('test', problem, parameters), threads, mustStart: true });

const bitsOf = (parameters: Parameters): number[][] =>
  Object.values(parameters).map(tensor => [...new Int32Array(Float32Array.from(tensor.elements()).buffer)]);

/** The sums over a subtree: as somebody computed them, or those of its two halves, added. */
function total(computed: ReadonlyMap<string, Float32Array>, first: number, end: number): Float32Array {
  const known = computed.get(`${first}-${end}`);
  if (known !== undefined) return known;
  const middle = (first + end) / 2;
  const right = total(computed, middle, end);
  return total(computed, first, middle).map((x, i) => x + right[i]!);
}

/** The shards of one of several who share them. */
const shareOf = (shards: number, rank: number, count: number): ShardRange => ({
  first: Math.floor((shards * rank) / count),
  end: Math.floor((shards * (rank + 1)) / count),
});

/** Several who have nothing but the samples of their own shards. */
function startWithParts({ problem, parameters }: Case, count: number): Promise<Kernels[]> {
  const size = sizeOf('test', problem, parameters);
  const samples = problem.trainInput.size(0);
  const shards = shardCount(samples);
  const counted: Uint32Array[] = [];
  let allHaveCounted: () => void;
  const everybody = new Promise<void>(resolve => {
    allHaveCounted = resolve;
  });
  const part = <R extends Rows>(all: R, { first, end }: ShardRange): R => ({
    ...all,
    rows(from: number, to: number) {
      if (from < shardStart(samples, shards, first) || to > shardStart(samples, shards, end))
        throw new Error(`samples ${from} to ${to} are another's`);
      return all.rows(from, to);
    },
  });
  const start = (rank: number): Promise<Kernels> => {
    const own = shareOf(shards, rank, count);
    const inputs = rowsOf(problem.trainInput);
    const [first, end] = [shardStart(samples, shards, own.first), shardStart(samples, shards, own.end)];
    const background = inputs.background();
    const others = background && countOthers(inputs.rows(first, end), background.value);
    const trainInput: InputRows = {
      ...part(inputs, own),
      background: () => background && { value: background.value, others: others! },
    };
    const trainTarget = part(rowsOf(problem.trainTarget), own);
    return Kernels.start({ ...problem, trainInput, trainTarget }, parameters, {
      ...{ size, threads: 1 + (rank % 2), mustStart: true },
      share: {
        shards: own,
        async total(counts) {
          counted.push(counts);
          if (counted.length === count) allHaveCounted();
          await everybody;
          return counts.map((_, i) => counted.reduce((sum, one) => sum + one[i]!, 0));
        },
      },
    });
  };
  return Promise.all(Array.from({ length: count }, (_, rank) => start(rank)));
}

/** One step, each of `all` with shards of its own. */
function stepTogether(all: readonly Kernels[], eta: number): void {
  const [{ shards }] = all as [Kernels];
  const computed = new Map<string, Float32Array>();
  all.forEach((kernels, rank) => {
    for (const { first, end } of subtreesOf(shareOf(shards, rank, all.length))) {
      kernels.forward({ first, end });
      kernels.sumGradients({ first, end });
      computed.set(`${first}-${end}`, kernels.gradientSums.slice());
    }
  });
  for (const kernels of all) {
    kernels.gradientSums.set(total(computed, 0, shards));
    kernels.update(eta);
  }
}

// sparse and dense inputs, several groups of units, one sample, constant inputs
for (const seed of [7, 78, 102, 160, 233]) {
  const one = randomCase(seed);
  test.each([1, 2, 3, 5, 8])(`%i together have the bits of one: ${one.name}`, async count => {
    const eta = 0.1 / one.problem.trainInput.size(0);
    const alone = await start(one, 1);
    for (let step = 0; step < 5; step++) {
      alone.forward();
      alone.backward(eta);
    }
    const together = await startWithParts(one, count);
    for (let step = 0; step < 5; step++) stepTogether(together, eta);
    for (const kernels of together) {
      expect(bitsOf(kernels.parameters)).toEqual(bitsOf(alone.parameters));
      expect(bitsOf(kernels.gradients)).toEqual(bitsOf(alone.gradients));
      expect(kernels.testErrors()).toBe(alone.testErrors());
      kernels.end();
    }
  });
}
