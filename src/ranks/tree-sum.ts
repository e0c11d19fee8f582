import type { ShardRange } from '../engine/split.ts';
import type { Message, Ranks } from './ranks.ts';
import { subtreesOf, treeTotal } from './shares.ts';

/**
 * The sums of all ranks, added in the order of the engine's tree, so that the number of ranks changes no bit.
 *
 * Each rank adds up a slice of the numbers. It is sent that slice of every subtree's sums, adds them, and sends the
 * total to all others. So each number travels twice, however many ranks there are, and all of them add at once.
 */
export class TreeSum {
  readonly #ranks: Ranks;
  /** Where each rank's slice begins, and where the last one ends. */
  readonly #starts: readonly number[];
  /** The subtrees of all ranks, from left to right, each with room for this rank's slice of its sums. */
  readonly #subtrees: readonly (ShardRange & { readonly rank: number; readonly sum: Float32Array })[];

  /** @param length how many numbers are summed */
  constructor(ranks: Ranks, shares: readonly ShardRange[], length: number) {
    this.#ranks = ranks;
    this.#starts = Array.from({ length: ranks.size + 1 }, (_, rank) => Math.floor((length * rank) / ranks.size));
    const room = this.#slice(new Float32Array(length), ranks.rank).length;
    this.#subtrees = shares.flatMap((share, rank) =>
      subtreesOf(share).map(range => ({ ...range, rank, sum: new Float32Array(room) })),
    );
  }

  /**
   * `into` ← the total.
   *
   * @param own the sums of this rank's subtrees, from left to right
   * @param others what goes along, at no cost of its own
   */
  async total(
    own: readonly Float32Array[],
    into: Float32Array,
    others: { readonly sends: readonly Message[]; readonly receives: readonly Message[] },
  ): Promise<void> {
    const { rank: self, others: peers } = this.#ranks;
    const [mine, theirs] = [true, false].map(of => this.#subtrees.filter(({ rank }) => (rank === self) === of));
    await this.#ranks.exchange(
      [...others.sends, ...peers.flatMap(rank => own.map(sums => ({ rank, data: this.#slice(sums, rank) })))],
      [...others.receives, ...theirs!.map(({ rank, sum }) => ({ rank, data: sum }))],
    );
    mine!.forEach(({ sum }, i) => void sum.set(this.#slice(own[i]!, self)));
    const slice = this.#slice(into, self);
    slice.set(treeTotal(this.#subtrees, addTo));
    await this.#ranks.exchange(
      peers.map(rank => ({ rank, data: slice })),
      peers.map(rank => ({ rank, data: this.#slice(into, rank) })),
    );
  }

  #slice(numbers: Float32Array, rank: number): Float32Array {
    return numbers.subarray(this.#starts[rank], this.#starts[rank + 1]);
  }
}

/** a ← a + b, rounded to float32 as the kernels do it: the double in between changes nothing. */
function addTo(a: Float32Array, b: Float32Array): Float32Array {
  for (let i = 0; i < a.length; i++) a[i]! += b[i]!;
  return a;
}
