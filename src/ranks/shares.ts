import type { ShardRange } from '../engine/split.ts';
import { LonghandError } from '../tensor/errors.ts';

/**
 * The shards of each rank. Their sums are sent as sums over whole subtrees, and the fewer subtrees a share consists of
 * the less is to be sent: where the number of ranks is a power of two it is one. Else shares begin at multiples of a
 * small subtree, of which each rank has about eight.
 *
 * @throws LonghandError where there are more ranks than shards.
 */
export function sharesOf(shards: number, ranks: number): ShardRange[] {
  if (ranks > shards)
    throw new LonghandError(
      `train: these samples are summed in ${shards} parts, and there are ${ranks} ranks; start fewer`,
    );
  let pieces = 1;
  while (pieces < 8 * ranks && pieces < shards) pieces *= 2;
  const start = (rank: number) => (shards / pieces) * Math.floor((pieces * rank) / ranks);
  return Array.from({ length: ranks }, (_, rank) => ({ first: start(rank), end: start(rank + 1) }));
}

/** The whole subtrees that a range of shards consists of, as few as there can be, from left to right. */
export function subtreesOf({ first, end }: ShardRange): ShardRange[] {
  const subtrees: ShardRange[] = [];
  while (first < end) {
    let size = 1;
    while (first % (2 * size) === 0 && first + 2 * size <= end) size *= 2;
    subtrees.push({ first, end: first + size });
    first += size;
  }
  return subtrees;
}

/**
 * The sum over the whole tree of what is known of subtrees, in the order of the tree: left plus right. The subtrees come
 * from left to right and leave no gap.
 */
export function treeTotal<T>(subtrees: readonly (ShardRange & { readonly sum: T })[], add: (a: T, b: T) => T): T {
  let next = 0;
  const total = (first: number, end: number): T => {
    const subtree = subtrees[next]!;
    if (subtree.first === first && subtree.end === end) {
      next++;
      return subtree.sum;
    }
    const middle = (first + end) / 2;
    const left = total(first, middle);
    return add(left, total(middle, end));
  };
  return total(0, subtrees.at(-1)!.end);
}
