import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { nextTurn } from '#platform';
import { type PackedDigits, packedDigits } from '../prologue/drawn/packed.ts';
import { blocksOf, PackedSet } from '../prologue/drawn/packed-set.ts';
import type { Wanted } from './drawing-thread.ts';

/** Built, for Node runs no TypeScript; the sources lie as deep as what is built of them. */
const THREAD = join(fileURLToPath(new URL('../../dist/cli', import.meta.url)), 'drawing-thread.js');
/** A thread takes as long to start as to draw so many blocks. */
const BLOCKS_FOR_A_THREAD = 5;

/**
 * Draws `count` digits of a set, the first ones or those from another on: on this thread, which hears signals in between, and where it is worth it on
 * others too. Should one of them not start, or end, the rest do its part.
 *
 * @param told how many digits are drawn
 */
export async function drawnTogether(
  set: 'train' | 'test',
  count: number,
  {
    first,
    threads,
    signal,
    told,
  }: { first?: number; threads: number; signal: AbortSignal; told: (drawn: number) => void },
): Promise<PackedSet> {
  const blocks = blocksOf(count, first);
  const done = new Array<PackedDigits>(blocks.length);
  /** The numbers of those that nobody has taken yet, the last one first. */
  const left = [...blocks.keys()].reverse();
  let drawn = 0;
  const keep = (number: number, digits: PackedDigits): void => {
    done[number] = digits;
    drawn += digits.labels.length;
    told(drawn);
  };

  const helpers: Worker[] = [];
  const help = (): Promise<void> =>
    new Promise(resolve => {
      const helper = new Worker(THREAD, { execArgv: [] });
      helpers.push(helper);
      let number: number | undefined;
      const takeNext = () => {
        number = left.pop();
        if (number === undefined) void helper.terminate();
        else helper.postMessage({ set, ...blocks[number]! } satisfies Wanted);
      };
      helper.on('message', (digits: PackedDigits) => {
        keep(number!, digits);
        takeNext();
      });
      helper.on('error', () => {}); // whatever it is, it exits
      helper.on('exit', () => {
        if (number !== undefined) left.push(number);
        resolve();
      });
      takeNext();
    });

  try {
    const others = Math.min(threads - 1, Math.floor(blocks.length / BLOCKS_FOR_A_THREAD));
    const helping = Array.from({ length: others }, help);
    do {
      for (let number = left.pop(); number !== undefined; number = left.pop()) {
        const { first, end } = blocks[number]!;
        keep(number, packedDigits(set, first, end));
        await nextTurn();
        signal.throwIfAborted();
      }
      await Promise.all(helping);
    } while (left.length > 0);
    signal.throwIfAborted();
    return new PackedSet(done);
  } finally {
    for (const helper of helpers) void helper.terminate();
  }
}
