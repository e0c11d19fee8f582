/**
 * Drawn digits in a third of their size. Four pixels of five are paper: of a digit are kept one bit a pixel, which says
 * whether there is ink, and the ink. That is 252 bytes on average, where the pixels are 784 and float32 would be 3,136.
 */

import { SIDE } from '../../picture/mnist-layout.ts';
import { drawnDigits } from './index.ts';

const PIXELS = SIDE * SIDE;
const BITS = PIXELS / 8; // bytes a digit

/** Digits of a seed and a set, from one index on. */
export interface PackedDigits {
  /** The label of each, 0 to 9. */
  readonly labels: Uint8Array;
  /** 98 bytes a digit: a bit a pixel, row by row, the lowest first; 1 where there is ink. */
  readonly inked: Uint8Array;
  /** How dark the ink is, 1 to 255, pixel by pixel. */
  readonly ink: Uint8Array;
  /** Where in `ink` each digit begins, and the end. */
  readonly starts: Uint32Array;
}

/**
 * The drawn digits `first` to before `end` of a set, none of the others made: the same as among any others. Memory
 * beside the result: the pixels of a hundred.
 *
 * @throws LonghandError where `drawnDigits` does.
 */
export function packedDigits(set: 'train' | 'test', first: number, end: number): PackedDigits {
  const count = end - first;
  const labels = new Uint8Array(count);
  const inked = new Uint8Array(count * BITS);
  const starts = new Uint32Array(count + 1);
  let ink = new Uint8Array(count * 160); // most often enough
  let used = 0;
  for (let at = 0; at < count; at += 100) {
    const drawn = drawnDigits({ set, first: first + at, count: Math.min(100, count - at) });
    labels.set(drawn.labels, at);
    if (used + drawn.images.length > ink.length) ink = longer(ink, 1.1 * ink.length + drawn.images.length);
    for (let p = 0; p < drawn.images.length; p++) {
      if (p % PIXELS === 0) starts[at + p / PIXELS] = used;
      const grey = drawn.images[p]!;
      if (grey === 0) continue;
      inked[at * BITS + (p >> 3)]! |= 1 << (p & 7);
      ink[used++] = grey;
    }
  }
  starts[count] = used;
  return { labels, inked, ink: ink.slice(0, used), starts };
}

function longer(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(length);
  copy.set(bytes);
  return copy;
}

/** Writes what `values` has for each pixel of digit i, 784 numbers, into `to` from place `at` on. */
export function unpack(
  { inked, ink, starts }: PackedDigits,
  i: number,
  values: ArrayLike<number>,
  to: Float32Array | Uint8Array,
  at: number,
): void {
  to.fill(values[0]!, at, at + PIXELS);
  let next = starts[i]!;
  for (let byte = 0; byte < BITS; byte++) {
    for (let bits = inked[i * BITS + byte]!; bits !== 0; bits &= bits - 1) {
      to[at + 8 * byte + (31 - Math.clz32(bits & -bits))] = values[ink[next++]!]!;
    }
  }
}
