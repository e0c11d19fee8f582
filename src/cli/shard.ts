import { InvalidArgumentError } from 'commander';
import type { Shard } from '../practice/node/grade/record.ts';

export type { Shard };

/** Reads `1/8`. */
export function shardFrom(text: string): Shard {
  const [, i, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const [shard, of] = [Number(i), Number(n)];
  if (!(shard >= 1 && shard <= of)) throw new InvalidArgumentError('It wants a part and their number, such as 1/8.');
  return { shard, of };
}

/** Those that fall to this part, every n-th one; all where there are no parts. */
export function partOf<T>(all: readonly T[], part: Shard | undefined): T[] {
  return all.filter((_, i) => part === undefined || i % part.of === part.shard - 1);
}
