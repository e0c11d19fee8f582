/** A thread that draws digits: it is told which, and answers with them packed. */

import { parentPort } from 'node:worker_threads';
import { packedDigits } from '../prologue/drawn/packed.ts';

/** Which digits. */
export interface Wanted {
  readonly set: 'train' | 'test';
  readonly first: number;
  readonly end: number;
}

parentPort!.on('message', ({ set, first, end }: Wanted) => {
  const digits = packedDigits(set, first, end);
  const { labels, inked, ink, starts } = digits;
  parentPort!.postMessage(
    digits,
    [labels, inked, ink, starts].map(({ buffer }) => buffer as ArrayBuffer),
  );
});
