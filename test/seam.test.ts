import { expect, test } from 'vitest';
import type { Parameters } from '../src/engine/engine.ts';
import { Kernels, type ShardRange } from '../src/engine/kernels.ts';
import { sizeOf } from '../src/engine/sizes.ts';
import { randomCase } from './conforming.ts';

// Several who compute a step together, each over shards of its own, come to the bits of one who computes it alone.

type Case = ReturnType<typeof randomCase>;

const start = ({ problem, parameters }: Case, threads: number): Promise<Kernels> =>
  Kernels.start(problem, parameters, { size: sizeOf('test', problem, parameters), threads, mustStart: true });

const bitsOf = (parameters: Parameters): number[][] =>
  Object.values(parameters).map(tensor => [...new Int32Array(Float32Array.from(tensor.elements()).buffer)]);

/** The whole subtrees that a range of shards consists of, as few as there can be. */
function subtrees({ first, end }: ShardRange): ShardRange[] {
  const list: ShardRange[] = [];
  while (first < end) {
    let size = 1;
    while (first % (2 * size) === 0 && first + 2 * size <= end) size *= 2;
    list.push({ first, end: first + size });
    first += size;
  }
  return list;
}

/** The sums over a subtree: as somebody computed them, or those of its two halves, added. */
function total(computed: ReadonlyMap<string, Float32Array>, first: number, end: number): Float32Array {
  const known = computed.get(`${first}-${end}`);
  if (known !== undefined) return known;
  const middle = (first + end) / 2;
  const right = total(computed, middle, end);
  return total(computed, first, middle).map((x, i) => x + right[i]!);
}

/** One step, each of `all` with shards of its own. */
function stepTogether(all: readonly Kernels[], eta: number): void {
  const [{ shards }] = all as [Kernels];
  const computed = new Map<string, Float32Array>();
  all.forEach((kernels, rank) => {
    const own = {
      first: Math.floor((shards * rank) / all.length),
      end: Math.floor((shards * (rank + 1)) / all.length),
    };
    kernels.forward(own);
    for (const { first, end } of subtrees(own)) {
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
    const together = await Promise.all(Array.from({ length: count }, (_, rank) => start(one, 1 + (rank % 2))));
    for (let step = 0; step < 5; step++) stepTogether(together, eta);
    for (const kernels of together) {
      expect(bitsOf(kernels.parameters)).toEqual(bitsOf(alone.parameters));
      expect(bitsOf(kernels.gradients)).toEqual(bitsOf(alone.gradients));
      expect(kernels.forward()).toEqual(alone.forward());
      kernels.end();
    }
  });
}
