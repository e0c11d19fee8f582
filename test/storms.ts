/** Files with random damage, many of them: readers must read them or throw a DataError, and do nothing else. */
import { gzipSync } from 'node:zlib';
import { DataError } from '../src/prologue/data-error.ts';
import { gunzip } from '../src/prologue/gunzip.ts';
import { parseIdx } from '../src/prologue/idx.ts';
import { dice } from './dice.ts';
import { idx } from './made-files.ts';

export interface Toll {
  readonly read: number;
  readonly rejected: number;
}

/** A copy with some damage: bytes replaced, bits flipped, a part cut out, doubled or put at the end. */
function mutated(bytes: Uint8Array, roll: (below: number) => number): Uint8Array {
  let copy = Uint8Array.from(bytes);
  for (let times = 1 + roll(3); times > 0; times--) {
    // Half of the blows hit the header, where most of the decisions are taken.
    const at = roll(2) ? roll(Math.min(20, copy.length)) : roll(copy.length);
    const length = 1 + roll(8);
    switch (roll(7)) {
      case 0:
        copy[at] = roll(256);
        break;
      case 1:
        copy[at]! ^= 1 << roll(8);
        break;
      case 2:
        copy[at] = [0, 1, 127, 128, 255][roll(5)]!;
        break;
      case 3:
        copy = copy.slice(0, at);
        break;
      case 4:
        copy = Uint8Array.of(...copy.subarray(0, at), ...copy.subarray(at + length));
        break;
      case 5:
        copy = Uint8Array.of(...copy.subarray(0, at), ...copy.subarray(0, length), ...copy.subarray(at));
        break;
      case 6:
        copy = Uint8Array.of(...copy, ...new Uint8Array(length));
        break;
    }
    if (copy.length === 0) break;
  }
  return copy;
}

/** Mutated IDX files of images and of labels. */
export function idxStorm(count: number, seed: number): Toll {
  const roll = dice(seed);
  const images = { bytes: idx([2, 4, 4]), expected: { dims: [2, 4, 4] } };
  const labels = { bytes: idx([12]), expected: { dims: [12], classes: 10 } };
  let read = 0;
  for (let i = 0; i < count; i++) {
    const { bytes, expected } = i % 2 ? images : labels;
    try {
      const values = parseIdx(mutated(bytes, roll), expected, 'storm');
      if (values.length !== bytes.length - 4 - 4 * expected.dims.length)
        throw new Error(`${values.length} values were read`);
      read++;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  }
  return { read, rejected: count - read };
}

/** Mutated gzip files. What is read in spite of the damage must be what was packed: the CRC vouches for it. */
export async function gzipStorm(count: number, seed: number): Promise<Toll> {
  const roll = dice(seed);
  const contents = idx([2, 20, 20]);
  const files = [gzipSync(contents), gzipSync(contents, { level: 0 })];
  let read = 0;
  for (let i = 0; i < count; i++) {
    try {
      const unpacked = await gunzip(mutated(files[i % 2]!, roll), contents.length, 'storm');
      if (Buffer.compare(unpacked, contents) !== 0) throw new Error('other contents than were packed');
      read++;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  }
  return { read, rejected: count - read };
}
