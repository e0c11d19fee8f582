/**
 * Drawn digits: a data set in the shape of MNIST that is made, not downloaded. It contains no MNIST image and no font; a
 * hand writes each digit anew from strokes (strokes.ts), strays, slants and bends (hand.ts), and the ink is laid out as
 * MNIST's is (ink.ts).
 */

import { SIDE } from '../../picture/mnist-layout.ts';
import { LonghandError } from '../../tensor/errors.ts';
import { write } from './hand.ts';
import { draw } from './ink.ts';
import { Random } from './random.ts';

export { type ContactSheet, contactSheet } from './sheet.ts';

export interface DrawnDigits {
  /** `count` × 28 × 28 pixels, row by row, from 0 (paper) to 255 (ink). */
  readonly images: Uint8Array;
  /** `count` labels, 0 to 9. */
  readonly labels: Uint8Array;
}

export interface DrawnDigitsOptions {
  /** How many digits, 0 to 1,000,000: those take 784 MB. */
  readonly count: number;
  /** A whole number, 0 or more; 0 unless asked otherwise. */
  readonly seed?: number;
  /** Digits to train on or to test on: the two share none; `'train'` unless asked otherwise. */
  readonly set?: 'train' | 'test';
  /** The index of the first digit; 0 unless asked otherwise. There are 2³² digits of a seed and a set. */
  readonly first?: number;
}

const MOST = 1_000_000; // digits at a time
const WORD = 2 ** 32; // an index is one word of the key

/**
 * The drawn digits `first` to `first + count − 1` of a seed and a set. A digit and its label depend on seed, set and
 * index alone: the first hundred of a thousand are the hundred drawn by themselves, to the bit, on every host. Each
 * label is as likely as the others.
 *
 * @example
 * const { images, labels } = drawnDigits({ count: 2 });
 * const second = images.subarray(784, 2 * 784); // 28 × 28 pixels, white on black, of a digit that is labels[1]
 *
 * @throws LonghandError where count, seed or first is no whole number of its range, or the set is neither of the two.
 */
export function drawnDigits(options: DrawnDigitsOptions): DrawnDigits {
  const { count, seed = 0, set = 'train', first = 0 } = options ?? {}; // without types it may be called with nothing
  wholeNumber('count', count, MOST, 'draw more in parts, with first');
  wholeNumber('seed', seed, Number.MAX_SAFE_INTEGER);
  wholeNumber('first', first, WORD - count);
  if (set !== 'train' && set !== 'test') {
    throw new LonghandError(`drawnDigits: set is ${JSON.stringify(set)}; it wants 'train' or 'test'`);
  }
  const images = new Uint8Array(count * SIDE * SIDE);
  const labels = new Uint8Array(count);
  // A seed has 53 bits: 32 in the first word of the key, 21 in the second, whose lowest bit says which set.
  const lower = seed % WORD;
  const upper = Math.floor(seed / WORD) * 2 + (set === 'test' ? 1 : 0);
  for (let i = 0; i < count; i++) {
    const random = new Random(lower, upper, first + i);
    const label = random.below(10);
    labels[i] = label;
    draw(write(label, random), images.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));
  }
  return { images, labels };
}

function wholeNumber(name: string, value: number, largest: number, advice?: string): void {
  if (Number.isInteger(value) && value >= 0 && value <= largest) return;
  const wanted = `it wants a whole number from 0 to ${largest}`;
  throw new LonghandError(`drawnDigits: ${name} is ${value}; ${wanted}${advice ? `; ${advice}` : ''}`);
}
