import { describe, expect, test } from 'vitest';
import { DataError } from '../src/prologue/data-error.ts';
import { type IdxExpectation, parseIdx } from '../src/prologue/idx.ts';
import { idx, patched } from './made-files.ts';
import { idxStorm } from './storms.ts';

const IMAGES: IdxExpectation = { dims: [3, 28, 28] };
const LABELS: IdxExpectation = { dims: [3], classes: 10 };
const images = idx([3, 28, 28]);
const labels = idx([3]);

test('the values of images and labels are what comes after the header', () => {
  expect(parseIdx(images, IMAGES, 'f')).toEqual(Uint8Array.from({ length: 3 * 784 }, (_, i) => i % 10));
  expect(parseIdx(labels, LABELS, 'f')).toEqual(Uint8Array.of(0, 1, 2));
  const within = new Uint8Array(100).fill(255);
  within.set(labels, 13);
  expect(parseIdx(within.subarray(13, 13 + labels.length), LABELS, 'f')).toEqual(Uint8Array.of(0, 1, 2));
});

const littleEndianDims = idx([0x03000000, 0x1c000000, 0x1c000000], { values: images.subarray(16) });
const page = new TextEncoder().encode('\n<!DOCTYPE html><html><head><title>Moved</title></head></html>');

const rejected: [what: string, bytes: Uint8Array, expected: IdxExpectation, message: RegExp][] = [
  ['an empty file', new Uint8Array(), IMAGES, /the file is empty/],
  ['three bytes', Uint8Array.of(0, 0, 8), IMAGES, /3 bytes, less than the 4/],
  [
    'a first byte that is not 0',
    patched(images, 0, 1),
    IMAGES,
    /not an IDX file: it starts with 01 00 08 03, where 00 00 08 03/,
  ],
  ['a second byte that is not 0', patched(images, 1, 255), IMAGES, /not an IDX file: it starts with 00 ff 08 03/],
  ['another type', patched(images, 2, 0x0d), IMAGES, /type is 0x0d; 0x08/],
  ['labels for images', labels, IMAGES, /holds labels \(1 dimension\), where images \(3 dimensions\) were wanted/],
  ['images for labels', images, LABELS, /holds images \(3 dimensions\), where labels \(1 dimension\) were wanted/],
  ['two dimensions', idx([3, 784]), IMAGES, /holds 2 dimensions, where images/],
  ['no dimensions', idx([]), IMAGES, /holds 0 dimensions/],
  ['255 dimensions', patched(images, 3, 255), IMAGES, /holds 255 dimensions/],
  ['a header cut inside of the dimensions', images.subarray(0, 13), IMAGES, /cut short at 13 bytes, inside of the 16/],
  ['a header and nothing else', images.subarray(0, 16), IMAGES, /2352 bytes too short/],
  ['a count of 0', idx([0, 28, 28]), IMAGES, /holds nothing: its dimensions are 0×28×28/],
  ['a width of 0', idx([3, 28, 0]), IMAGES, /holds nothing: its dimensions are 3×28×0/],
  ['a count of 2³¹', patched(images, 4, 0x80, 0, 0, 0), IMAGES, /holds 2147483648 images, where 3 were wanted/],
  ['a count of 2³² − 1', patched(images, 4, 255, 255, 255, 255), IMAGES, /holds 4294967295 images/],
  [
    'dimensions with an overflowing product',
    idx([65536, 65536, 65536], { values: images }),
    IMAGES,
    /65536×65536×65536/,
  ],
  [
    'one byte too few',
    images.subarray(0, -1),
    IMAGES,
    /1 byte too short: after the header come 2351 bytes, where 3×28×28 = 2352/,
  ],
  ['one byte too many', Buffer.concat([images, Uint8Array.of(0)]), IMAGES, /1 byte too long/],
  ['images of 28×29', idx([3, 28, 29]), IMAGES, /holds 3×28×29 values, where 3×28×28/],
  [
    'a little-endian magic number',
    patched(images, 0, 3, 8, 0, 0),
    IMAGES,
    /the header is little-endian \(03 08 00 00\)/,
  ],
  ['little-endian dimensions', littleEndianDims, IMAGES, /the dimensions in the header are little-endian/],
  ['fewer labels than images', idx([2]), LABELS, /holds 2 labels, where 3 were wanted.*swapped.*different sets/],
  [
    'the test set for the training set',
    idx([2, 28, 28]),
    IMAGES,
    /holds 2 images, where 3 were wanted.*training and test set swapped/,
  ],
  ['a label 10', patched(labels, 9, 10), LABELS, /label 10 at index 1, where labels are 0 to 9/],
  ['a label 255', patched(labels, 10, 255), LABELS, /label 255 at index 2/],
  ['a page of HTML', page, IMAGES, /a page of HTML or XML/],
];

describe('an IDX file is rejected that', () => {
  test.each(rejected)('is %s', (_, bytes, expected, message) => {
    const parse = () => parseIdx(bytes, expected, '/data/some-file');
    expect(parse).toThrow(DataError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(/^\/data\/some-file: /);
  });
});

test('100,000 mutated files are read or rejected, never anything else', () => {
  const { read, rejected } = idxStorm(100_000, 1);
  expect(read).toBeGreaterThan(100);
  expect(rejected).toBeGreaterThan(50_000);
});
