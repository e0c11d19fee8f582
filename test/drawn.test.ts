import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contactSheet, type DrawnDigitsOptions, drawnDigits } from '../src/prologue/drawn/index.ts';
import { packedDigits, unpack } from '../src/prologue/drawn/packed.ts';
import { digits } from '../src/prologue/drawn/strokes.ts';
import { LonghandError } from '../src/tensor/errors.ts';

const PIXELS = 28 * 28;

function image(images: Uint8Array, i: number): Uint8Array {
  return images.subarray(i * PIXELS, (i + 1) * PIXELS);
}

describe('a drawn digit depends on seed, set and index alone', () => {
  test('the first hundred of seed 0 are these, on every host', () => {
    const { images, labels } = drawnDigits({ count: 100 });
    expect([...labels.subarray(0, 10)]).toEqual([3, 3, 1, 4, 1, 9, 9, 6, 6, 3]);
    expect(createHash('sha256').update(images).update(labels).digest('hex')).toBe(
      '645e5251d12d7b715d80d62e798d95e2651facb0fc22e0d1925eb993cd9719f9',
    );
  });

  test('not on count, on first, or on what was drawn before', () => {
    const hundred = drawnDigits({ count: 100, seed: 5 });
    fc.assert(
      fc.property(fc.nat(99), fc.nat(20), (first, wish) => {
        const count = Math.min(wish, 100 - first);
        const some = drawnDigits({ count, seed: 5, first });
        // not toEqual, which takes its time over many numbers
        expect(Buffer.compare(some.images, hundred.images.subarray(first * PIXELS, (first + count) * PIXELS))).toBe(0);
        expect(some.labels).toEqual(hundred.labels.subarray(first, first + count));
      }),
      { numRuns: 50 },
    );
  });

  test('another set, another seed or another index is another digit', () => {
    const seen = new Set<string>();
    const seeds = [0, 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    const each = 500;
    for (const seed of seeds) {
      for (const set of ['train', 'test'] as const) {
        const { images } = drawnDigits({ count: each, seed, set });
        for (let i = 0; i < each; i++) seen.add(Buffer.from(image(images, i)).toString('base64'));
      }
    }
    expect(seen.size).toBe(seeds.length * 2 * each);
  });
});

describe('packed digits', () => {
  const same = Float32Array.from({ length: 256 }, (_, value) => value);

  test('are the digits that they are packed from, whichever part of them is made', () => {
    const { images, labels } = drawnDigits({ count: 700, set: 'test' });
    fc.assert(
      fc.property(fc.nat(700), fc.nat(700), (a, b) => {
        const [first, end] = [Math.min(a, b), Math.max(a, b)];
        const packed = packedDigits('test', first, end);
        expect(packed.labels).toEqual(labels.subarray(first, end));
        const pixels = new Uint8Array((end - first) * PIXELS);
        for (let i = 0; i < end - first; i++) unpack(packed, i, same, pixels, i * PIXELS);
        expect(Buffer.compare(pixels, images.subarray(first * PIXELS, end * PIXELS))).toBe(0);
      }),
      { numRuns: 10 },
    );
  });

  test('are unpacked as what the values of their pixels stand for', () => {
    const { images } = drawnDigits({ count: 3 });
    const values = Float32Array.from({ length: 256 }, (_, value) => Math.sqrt(value) - 1);
    const rows = new Float32Array(3 * PIXELS + 5).fill(7);
    const packed = packedDigits('train', 0, 3);
    for (let i = 0; i < 3; i++) unpack(packed, i, values, rows, i * PIXELS + 5);
    expect(rows.subarray(5)).toEqual(Float32Array.from(images, value => values[value]!));
    expect([...rows.subarray(0, 5)]).toEqual([7, 7, 7, 7, 7]);
  });

  test('take a third of the memory of their pixels', () => {
    const { labels, inked, ink, starts } = packedDigits('train', 0, 2000);
    const bytes = labels.byteLength + inked.byteLength + ink.buffer.byteLength + starts.byteLength;
    expect(bytes / 2000).toBeLessThan(784 / 3);
  });
});

describe('drawn digits look like MNIST to a network', () => {
  const count = 5000;
  const { images, labels } = drawnDigits({ count, seed: 1 });

  test('each class is about a tenth', () => {
    const share = new Array<number>(10).fill(0);
    for (const label of labels) share[label]! += 1 / count;
    for (const s of share) expect(Math.abs(s - 0.1)).toBeLessThan(0.015);
  });

  test('the ink fills 20 pixels in the longer direction and its centre of mass lies at (14, 14)', () => {
    let off = 0;
    for (let i = 0; i < count; i++) {
      const pixels = image(images, i);
      const inked = [...pixels.keys()].filter(at => pixels[at]! > 0);
      const columns = inked.map(at => at % 28);
      const rows = inked.map(at => Math.floor(at / 28));
      const extent = (places: number[]) => Math.max(...places) - Math.min(...places) + 1;
      expect(Math.max(extent(columns), extent(rows))).toBe(20);

      const mass = inked.reduce((sum, at) => sum + pixels[at]!, 0);
      const centre = (places: number[]) => places.reduce((sum, place, k) => sum + place * pixels[inked[k]!]!, 0) / mass;
      if (Math.abs(centre(columns) - 14) > 0.5 || Math.abs(centre(rows) - 14) > 0.5) {
        off++; // only where a further shift would take ink out of the picture
        expect([...columns, ...rows].some(place => place === 0 || place === 27)).toBe(true);
      }
    }
    expect(off).toBeLessThan(count / 500);
  });

  test("mean, deviation and empty paper are near MNIST's 33.3, 78.6 and 81%", () => {
    let sum = 0;
    let squares = 0;
    let zeros = 0;
    for (const pixel of images) {
      sum += pixel;
      squares += pixel * pixel;
      if (pixel === 0) zeros++;
    }
    const mean = sum / images.length;
    expect(Math.abs(mean - 33.3)).toBeLessThan(1.5);
    expect(Math.abs(Math.sqrt(squares / images.length - mean * mean) - 78.6)).toBeLessThan(1.5);
    expect(Math.abs(zeros / images.length - 0.81)).toBeLessThan(0.01);
  });
});

test('all key shapes of a family have the same strokes, points and corners', () => {
  expect(digits).toHaveLength(10);
  for (const families of digits) {
    expect(families.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    for (const { shapes } of families) {
      for (const shape of shapes) {
        expect(shape.map(stroke => stroke.corner)).toEqual(shapes[0]!.map(stroke => stroke.corner));
        for (const { x, y } of shape) expect([...x, ...y].every(Number.isFinite)).toBe(true);
      }
    }
  }
});

test('no digits are asked for, none come', () => {
  expect(drawnDigits({ count: 0 })).toEqual({ images: new Uint8Array(0), labels: new Uint8Array(0) });
});

test('bad options are named', () => {
  const bad: [DrawnDigitsOptions, string][] = [
    [
      { count: -1 },
      'drawnDigits: count is -1; it wants a whole number from 0 to 1000000; draw more in parts, with first',
    ],
    [undefined as unknown as DrawnDigitsOptions, 'drawnDigits: count is undefined'],
    [{ count: 1.5 }, 'count is 1.5'],
    [{ count: Number.NaN }, 'count is NaN'],
    [{ count: 2_000_000 }, 'count is 2000000'],
    [{ count: 1, seed: -3 }, 'seed is -3'],
    [{ count: 1, seed: 2 ** 53 }, 'seed is 9007199254740992'],
    [{ count: 1, first: 2 ** 32 }, 'first is 4294967296'],
    [{ count: 1, set: 'valid' as 'train' }, `set is "valid"; it wants 'train' or 'test'`],
  ];
  for (const [options, message] of bad) {
    expect(() => drawnDigits(options)).toThrow(LonghandError);
    expect(() => drawnDigits(options)).toThrow(message);
  }
});

describe('contactSheet', () => {
  test('has a row for each class, the first digits of the class from left to right', () => {
    const { images, labels } = drawnDigits({ count: 200 });
    const { width, height, pixels } = contactSheet(images, labels, 3);
    expect([width, height, pixels.length]).toEqual([84, 280, 84 * 280]);
    const sevens = [...labels.keys()].filter(i => labels[i] === 7);
    for (let row = 0; row < 28; row++) {
      const at = (7 * 28 + row) * width;
      expect(pixels.subarray(at + 56, at + 84)).toEqual(image(images, sevens[2]!).subarray(row * 28, row * 28 + 28));
    }
  });

  test('leaves a class of few digits mostly empty', () => {
    const { images, labels } = drawnDigits({ count: 1 });
    const { pixels } = contactSheet(images, labels, 2);
    expect(pixels.reduce((sum, grey) => sum + grey, 0)).toBe(images.reduce((sum, grey) => sum + grey, 0));
  });

  test('names what does not fit', () => {
    const { images, labels } = drawnDigits({ count: 2 });
    expect(() => contactSheet(images, labels.subarray(1), 2)).toThrow('contactSheet: 1568 pixels for 1 labels');
    expect(() => contactSheet(images, labels, 0)).toThrow('columns is 0');
    expect(() => contactSheet(images, new Uint8Array([1, 10]), 2)).toThrow('label 1 is 10');
  });
});
