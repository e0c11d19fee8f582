/** Drawn digits by the million: packed, counted, and given out in rows. */

import { SIDE } from '../../picture/mnist-layout.ts';
import type { RawSet } from '../packing.ts';
import { countsOf, type PixelCounts } from '../pixel-counts.ts';
import { type PackedDigits, unpack } from './packed.ts';

const PIXELS = SIDE * SIDE;

/** How many digits are packed together. */
export const BLOCK = 1000;

/** The blocks that so many digits are made in, the first ones or those from another on, each of {@link BLOCK} but the last. */
export function blocksOf(count: number, from = 0): { readonly first: number; readonly end: number }[] {
  return Array.from({ length: Math.ceil(count / BLOCK) }, (_, i) => ({
    first: from + i * BLOCK,
    end: from + Math.min(count, (i + 1) * BLOCK),
  }));
}

/** What is counted of digits. What is counted of parts adds up. */
export interface Counted {
  readonly count: number;
  /** How many of all pixels have each value. */
  readonly pixels: PixelCounts;
  /** How many digits have each label. */
  readonly classes: Float64Array;
}

/** What the most frequent pixel is as an input, where it is so of more than a third; and how many pixels are others. */
export function backgroundOfPixels(
  { pixels, count }: Counted,
  values: Float32Array,
): { readonly value: number; readonly others: number } | undefined {
  const most = pixels.reduce((most, times, value) => (times > pixels[most]! ? value : most), 0);
  const others = count * PIXELS - pixels[most]!;
  return 3 * others < 2 * count * PIXELS ? { value: values[most]!, others } : undefined;
}

/** Digits of a set, block by block: they are numbered from 0, whichever they are of the set. */
export class PackedSet implements Counted {
  readonly count: number;
  readonly pixels: PixelCounts;
  readonly classes: Float64Array = new Float64Array(10);
  readonly #blocks: readonly PackedDigits[];

  /** Those of {@link blocksOf}, in their order. */
  constructor(blocks: readonly PackedDigits[]) {
    this.#blocks = blocks;
    let [count, ink] = [0, 0];
    this.pixels = new Float64Array(256);
    for (const block of blocks) {
      count += block.labels.length;
      ink += block.ink.length;
      countsOf(block.ink, this.pixels);
      for (const label of block.labels) this.classes[label]!++;
    }
    this.count = count;
    this.pixels[0] = count * PIXELS - ink;
  }

  /** Inputs in rows of 784: what `values` has for each pixel. */
  inputs(values: Float32Array): DrawnInputs {
    const { pixels, count } = this;
    return {
      shape: [count, PIXELS],
      rows: this.#rows(PIXELS, (block, i, to, at) => unpack(block, i, values, to, at)),
      background: () => backgroundOfPixels(this, values),
      others: value => pixels.reduce((sum, times, pixel) => (values[pixel] === value ? sum : sum + times), 0),
    };
  }

  /** Targets in rows of `classes`: `at` at the label, `elsewhere` elsewhere. */
  targets(classes: number, at: number, elsewhere: number): DrawnRows {
    const rows = this.#rows(classes, (block, i, to, begin) => {
      to.fill(elsewhere, begin, begin + classes);
      to[begin + block.labels[i]!] = at;
    });
    return { shape: [this.count, classes], rows };
  }

  /** The same as a set that was read from files, all pixels at once. */
  unpacked(): RawSet {
    const images = new Uint8Array(this.count * PIXELS);
    const labels = new Uint8Array(this.count);
    this.#each(0, this.count, (block, i, n) => {
      unpack(block, i, GREYS, images, n * PIXELS);
      labels[n] = block.labels[i]!;
    });
    return { images, labels, count: this.count, shape: [1, SIDE, SIDE] };
  }

  #rows(
    length: number,
    write: (block: PackedDigits, i: number, to: Float32Array, at: number) => void,
  ): DrawnRows['rows'] {
    let numbers = new Float32Array(0);
    return (first, end) => {
      const wanted = (end - first) * length;
      if (numbers.length < wanted) numbers = new Float32Array(wanted);
      this.#each(first, end, (block, i, n) => write(block, i, numbers, n * length));
      return numbers.subarray(0, wanted);
    };
  }

  /** Calls `each` for the digits `first` to before `end`: the block, the place in it, and the place among these digits. */
  #each(first: number, end: number, each: (block: PackedDigits, i: number, n: number) => void): void {
    for (let n = first; n < end; n++) each(this.#blocks[Math.floor(n / BLOCK)]!, n % BLOCK, n - first);
  }
}

const GREYS = Uint8Array.from({ length: 256 }, (_, value) => value);

/** Rows of numbers, a row a digit. The rows that are asked for next are written over those before. */
export interface DrawnRows {
  readonly shape: readonly [number, number];
  rows(first: number, end: number): Float32Array;
}

export interface DrawnInputs extends DrawnRows {
  /** The most frequent value, and how many inputs have another; undefined where no value is that of a third of them. */
  background(): { readonly value: number; readonly others: number } | undefined;
  /** How many inputs have another value. */
  others(value: number): number;
}
