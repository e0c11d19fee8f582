import { expect, test } from 'vitest';
import { threadsOf } from '../src/ranks/processors.ts';
import type { Ranks } from '../src/ranks/ranks.ts';

/** Ranks that run where each says: their machine, and the processors that they may have of its number of them. */
const ranksAt = (places: readonly (readonly [host: string, allowed: readonly number[], all: number])[]): Ranks =>
  ({
    rank: 0,
    hosts: places.map(([host]) => host),
    fromAll: async () => places.map(([host, allowed, all]) => ({ host, allowed, cores: allowed.length, all })),
  }) as unknown as Ranks;

const four = [0, 1, 2, 3];

test('ranks that may run anywhere share the cores of their machine', async () => {
  const together = ranksAt([
    ['a', four, 4],
    ['a', four, 4],
    ['b', four, 4],
  ]);
  expect(await threadsOf(together, undefined)).toEqual({ count: 2, warnings: [] });
});

test('ranks that are bound apart have their own cores to themselves', async () => {
  const apart = ranksAt([
    ['a', [0, 1], 4],
    ['a', [2, 3], 4],
  ]);
  expect(await threadsOf(apart, undefined)).toEqual({ count: 2, warnings: [] });
});

test('threads that a binding starves are warned of, with what to do', async () => {
  const bound = ranksAt([
    ['a', [0], 4],
    ['a', [1], 4],
  ]);
  expect(await threadsOf(bound, 4)).toEqual({
    count: 4, // as it was asked for
    warnings: ['rank 0 on a is bound to 1 core of 4, where 4 threads take turns. `mpirun --bind-to none` binds none'],
  });
  const crowded = ranksAt([
    ['a', four, 4],
    ['a', four, 4],
  ]);
  expect((await threadsOf(crowded, 4)).warnings).toEqual([
    'rank 0 on a has room for 2, where 4 threads take turns. Give fewer --threads',
  ]);
});

test('cores that a binding leaves idle are told', async () => {
  const bound = ranksAt([
    ['a', [0], 4],
    ['a', [1], 4],
  ]);
  const { count, warnings } = await threadsOf(bound, undefined);
  expect(count).toBe(1);
  expect(warnings).toEqual([expect.stringMatching(/^on a each rank is bound to one core .* 2 cores of 4 idle\./)]);
  const full = ranksAt([
    ['a', [0], 2],
    ['a', [1], 2],
  ]);
  expect((await threadsOf(full, undefined)).warnings).toEqual([]);
});
