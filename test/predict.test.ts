import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { encode } from 'fast-png';
import { zlibSync } from 'fflate';
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DataError, drawnDigits, initialParameters, LonghandError, predict } from '../src/index.ts';
import { decodePicture } from '../src/picture/decode.ts';
import { mnistForm } from '../src/picture/mnist-form.ts';
import { type Picture, PictureError } from '../src/picture/picture.ts';
import { predictPicture } from '../src/predict/predict.ts';
import { encodeCheckpoint } from '../src/run/checkpoint.ts';
import { madeCheckpoint, practicalCheckpoint } from './checkpoints.ts';
import { anyPlacing, drawnBack, greyPng, randomNumbers } from './drawn-back.ts';
import { allOrOneInCount, sharedTest, test } from './one-in.ts';
import { outcomesOf } from './outcomes.ts';
import { anyhow, isNoWorse, readingDigits, type Trained, trainedNetwork } from './reading-digits.ts';

const digits = drawnDigits({ count: 20 });
const digit = (n: number): Uint8Array => digits.images.slice(784 * n, 784 * (n + 1));
const seen = (bytes: Uint8Array): Uint8Array => mnistForm(decodePicture(bytes, 'it')).pixels;

function greyJpeg(grey: Uint8Array, width: number, height: number): Uint8Array {
  const data = Uint8Array.from({ length: 4 * grey.length }, (_, i) => (i % 4 === 3 ? 255 : grey[i >> 2]!));
  return new Uint8Array(jpeg.encode({ width, height, data }, 90).data);
}

/** The mean difference of two images, in greys of 255. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, v, i) => sum + Math.abs(v - b[i]!), 0) / a.length;
}

describe('the form of MNIST', () => {
  const large = { width: 300, height: 200, scale: 5, left: 90, top: 31, ground: 240, ink: 20 };
  const original = seen(greyPng(drawnBack(digit(0), { ...large, ground: 0, ink: 255 }), 300, 200));

  const count = allOrOneInCount(3, 20);

  sharedTest('an image that has it stays as it is, in black on white too', () => {
    for (let n = 0; n < count; n++) {
      const form = seen(greyPng(drawnBack(digit(n), { ...large, ground: 0, ink: 255 }), 300, 200));
      expect(seen(greyPng(form, 28, 28))).toEqual(form);
      expect(
        seen(
          greyPng(
            form.map(v => 255 - v),
            28,
            28,
          ),
        ),
      ).toEqual(form);
    }
  });

  sharedTest('a box of 20 × 20, the centre of mass in the middle, white on black', () => {
    const random = randomNumbers(2);
    for (let n = 0; n < count; n++) {
      const placing = anyPlacing(random);
      const form = seen(greyPng(drawnBack(digit(n), placing), placing.width, placing.height));
      const rows = [...form.keys()].filter(p => form[p]! > 0).map(p => Math.floor(p / 28));
      const columns = [...form.keys()].filter(p => form[p]! > 0).map(p => p % 28);
      const extent = (places: number[]) => Math.max(...places) - Math.min(...places) + 1;
      expect(Math.max(extent(rows), extent(columns))).toBe(20);
      const mass = form.reduce((sum, v) => sum + v, 0);
      const middle = (at: (p: number) => number) => form.reduce((sum, v, p) => sum + v * at(p), 0) / mass;
      expect(Math.abs(middle(p => p % 28) - 14)).toBeLessThan(0.52);
      expect(Math.abs(middle(p => Math.floor(p / 28)) - 14)).toBeLessThan(0.52);
      expect(Math.max(...form)).toBe(255);
    }
  });

  test.each<[string, (grey: number, x: number, y: number) => number]>([
    ['dark on light', v => 250 - v * 0.9],
    ['light on dark', v => v],
    ['pale', v => 100 + v * 0.2],
    ['with noise', (v, x, y) => 200 - v * 0.6 + ((x * 7919 + y * 104729) % 13) - 6],
    ['with a shadow', (v, x, y) => 230 - v * 0.5 - x / 5 - y / 8],
  ])('the same digit, %s', (_, shade) => {
    const grey = drawnBack(digit(0), { ...large, ground: 0, ink: 255 });
    const shaded = grey.map((v, p) => Math.max(0, Math.min(255, Math.round(shade(v, p % 300, Math.floor(p / 300))))));
    expect(difference(seen(greyPng(shaded, 300, 200)), original)).toBeLessThan(4);
    expect(difference(seen(greyJpeg(shaded, 300, 200)), original)).toBeLessThan(6);
  });

  test('specks of dust do not make the digit small', () => {
    const grey = drawnBack(digit(0), { ...large, ground: 0, ink: 255 });
    for (const [x, y] of [
      [3, 4],
      [290, 190],
      [20, 150],
    ] as const)
      grey.fill(255, 300 * y + x, 300 * y + x + 3);
    expect(difference(seen(greyPng(grey, 300, 200)), original)).toBeLessThan(1);
  });

  test('a thin pen writes as wide as MNIST', () => {
    const ring = (pen: number) =>
      Uint8Array.from({ length: 400 * 400 }, (_, p) => {
        const distance = Math.hypot((p % 400) - 200, Math.floor(p / 400) - 200);
        return Math.abs(distance - 150) < pen / 2 ? 0 : 255;
      });
    const [thin, wide] = [3, 60].map(pen => seen(greyPng(ring(pen), 400, 400)));
    const ink = (form: Uint8Array) => form.reduce((sum, v) => sum + v, 0) / 255;
    expect(ink(thin!)).toBeGreaterThan(70);
    expect(ink(thin!)).toBeLessThan(ink(wide!));
  });

  test('ink on a transparent ground, black or white', () => {
    const alpha = drawnBack(digit(0), { ...large, ground: 0, ink: 255 });
    for (const ink of [0, 255]) {
      const data = Uint8Array.from({ length: 2 * alpha.length }, (_, i) => (i % 2 === 0 ? ink : alpha[i >> 1]!));
      expect(difference(seen(encode({ width: 300, height: 200, data, channels: 2 })), original)).toBeLessThan(1);
    }
  });

  test('a page of many small things is no digit', () => {
    const page = Uint8Array.from({ length: 200 * 200 }, (_, p) =>
      p % 20 < 3 && Math.floor(p / 200) % 20 < 3 ? 0 : 255,
    );
    expect(() => seen(greyPng(page, 200, 200))).toThrow(/many small things are drawn in it, not one digit/);
  });

  test('red on green, as bright', () => {
    const ink = drawnBack(digit(0), { ...large, ground: 0, ink: 255 });
    const colours = { red: [200, 0, 0], green: [0, 102, 0] } as const;
    const data = Uint8Array.from({ length: 3 * ink.length }, (_, i) => {
      const part = ink[Math.floor(i / 3)]! / 255;
      return part * colours.red[i % 3]! + (1 - part) * colours.green[i % 3]!;
    });
    expect(difference(seen(encode({ width: 300, height: 200, data, channels: 3 })), original)).toBeLessThan(2);
  });

  test.each([
    ['white', 255, 0],
    ['black', 0, 0],
    ['grey, nearly', 128, 6],
  ])('nothing is seen in a blank picture: %s', (_, shade, noise) => {
    const random = randomNumbers(4);
    const grey = Uint8Array.from({ length: 60 * 40 }, () => shade + Math.floor(noise * random()));
    expect(() => seen(greyPng(grey, 60, 40))).toThrow(/nothing is drawn in it/);
  });

  test('a picture of one pixel', () => {
    expect(() => seen(greyPng(Uint8Array.of(7), 1, 1))).toThrow(/nothing is drawn in it/);
  });
});

/** A PNG made chunk by chunk: `encode` writes neither palettes nor few bits, and nothing that is wrong. */
function png(header: number[], ...chunks: [type: string, data: Uint8Array][]): Uint8Array {
  const all: [string, Uint8Array][] = [['IHDR', Uint8Array.from(header)], ...chunks, ['IEND', new Uint8Array(0)]];
  const parts = all.map(([type, data]) => {
    const chunk = new Uint8Array(12 + data.length);
    const view = new DataView(chunk.buffer);
    view.setUint32(0, data.length);
    chunk.set(new TextEncoder().encode(type), 4);
    chunk.set(data, 8);
    view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
    return chunk;
  });
  return Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, ...parts.flatMap(part => [...part])]);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const big = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
const packed = (...bytes: number[]): [string, Uint8Array] => ['IDAT', zlibSync(Uint8Array.from(bytes))];

describe('pixels of every kind of PNG', () => {
  const rgba = (bytes: Uint8Array) => [...decodePicture(bytes, 'it').data];
  const ihdr = (width: number, height: number, depth: number, kind: number) => [
    ...[...big(width), ...big(height)],
    ...[depth, kind, 0, 0, 0],
  ];
  const grey = (...values: number[]) => values.flatMap(v => [v, v, v, 255]);

  test.each<[string, Uint8Array, number[]]>([
    ['1 bit', png(ihdr(3, 2, 1, 0), packed(0, 0b101_00000, 0, 0b010_00000)), grey(255, 0, 255, 0, 255, 0)],
    ['2 bits', png(ihdr(5, 1, 2, 0), packed(0, 0b00_01_10_11, 0b01_000000)), grey(0, 85, 170, 255, 85)],
    ['4 bits', png(ihdr(3, 1, 4, 0), packed(0, 0x0f, 0x80)), grey(0, 255, 136)],
    ['8 bits', png(ihdr(2, 1, 8, 0), packed(0, 7, 200)), grey(7, 200)],
    ['16 bits', png(ihdr(2, 1, 16, 0), packed(0, 0xff, 0xff, 0x80, 0)), grey(255, 128)],
    ['grey and alpha', png(ihdr(1, 1, 8, 4), packed(0, 9, 77)), [9, 9, 9, 77]],
    ['colours', png(ihdr(1, 1, 8, 2), packed(0, 1, 2, 3)), [1, 2, 3, 255]],
    ['colours and alpha', png(ihdr(1, 1, 8, 6), packed(0, 1, 2, 3, 4)), [1, 2, 3, 4]],
    [
      'a transparent colour',
      png(ihdr(2, 1, 8, 0), ['tRNS', Uint8Array.of(0, 7)], packed(0, 7, 8)),
      [7, 7, 7, 0, 8, 8, 8, 255],
    ],
    [
      'a palette with alpha',
      png(ihdr(2, 1, 1, 3), ['PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6)], ['tRNS', Uint8Array.of(50)], packed(0, 0x40)),
      [1, 2, 3, 50, 4, 5, 6, 255],
    ],
  ])('%s', (_, bytes, pixels) => {
    expect(rgba(bytes)).toEqual(pixels);
  });

  test('interlaced', () => {
    const data = Uint8Array.from({ length: 9 * 7 }, (_, i) => 3 * i);
    const bytes = encode({ width: 9, height: 7, data, channels: 1, depth: 8 }, { interlace: 'Adam7' });
    expect(rgba(bytes)).toEqual(grey(...data));
  });

  // pixel (x, y) has the value 3 x + 5 y, modulo what fits: every pass of the seven, their rows ending within a byte
  test.each([
    [0, 1, 255],
    [0, 2, 85],
    [0, 4, 17],
    [3, 1, 50],
    [3, 2, 50],
    [3, 4, 10],
  ])('interlaced, of kind %i and %i bits', (kind, depth, step) => {
    const [width, height] = [13, 11];
    const value = (x: number, y: number) => (3 * x + 5 * y) % (1 << depth);
    const rows: number[] = [];
    for (const [x0, y0, dx, dy] of [
      [0, 0, 8, 8],
      [4, 0, 8, 8],
      [0, 4, 4, 8],
      [2, 0, 4, 4],
      [0, 2, 2, 4],
      [1, 0, 2, 2],
      [0, 1, 1, 2],
    ] as const) {
      for (let y = y0; y < height; y += dy) {
        let bits = '';
        for (let x = x0; x < width; x += dx) bits += value(x, y).toString(2).padStart(depth, '0');
        rows.push(0, ...bits.match(/.{1,8}/g)!.map(byte => Number.parseInt(byte.padEnd(8, '0'), 2)));
      }
    }
    const palette = Uint8Array.from({ length: 3 << depth }, (_, i) => step * Math.floor(i / 3));
    const header = [...big(width), ...big(height), depth, kind, 0, 0, 1];
    const chunks: [string, Uint8Array][] = kind === 3 ? [['PLTE', palette]] : [];
    const wanted = Array.from({ length: width * height }, (_, p) => step * value(p % width, Math.floor(p / width)));
    expect(rgba(png(header, ...chunks, packed(...rows)))).toEqual(grey(...wanted));
    expect(() => rgba(png(header, ...chunks, packed(...rows.slice(0, -1))))).toThrow(/it: is damaged: .* to less than/);
  });

  test('a profile, which may be of any size unpacked, is not even looked at', () => {
    expect(rgba(png(ihdr(1, 1, 8, 0), ['iCCP', Uint8Array.of(1, 0, 9)], packed(0, 7)))).toEqual(grey(7));
  });

  test.each<[string, Uint8Array, RegExp]>([
    [
      'dimensions that fill the memory',
      png(ihdr(2 ** 31 - 1, 2 ** 31 - 1, 8, 0), packed(0)),
      /at most 50 million pixels/,
    ],
    ['no pixel', png(ihdr(0, 5, 8, 0), packed(0)), /0 × 5, without a single pixel/],
    ['no IDAT', png(ihdr(1, 1, 8, 0)), /has no pixels/],
    ['a second header', png(ihdr(1, 1, 8, 0), ['IHDR', Uint8Array.from(ihdr(9, 9, 8, 0))], packed(0, 1)), /IHDR/],
    ['more pixels than it says', png(ihdr(1, 1, 8, 0), ['IDAT', zlibSync(new Uint8Array(1e6))]), /unpack to more/],
    ['fewer pixels than it says', png(ihdr(50, 50, 8, 0), packed(0, 1, 2)), /damaged/],
    ['a depth that does not exist', png(ihdr(1, 1, 3, 0), packed(0, 1)), /damaged/],
    ['an empty palette', png(ihdr(1, 1, 8, 3), ['PLTE', new Uint8Array(0)], packed(0, 0)), /damaged/],
  ])('refused: %s', (_, bytes, why) => {
    expect(() => decodePicture(bytes, 'it')).toThrow(PictureError);
    expect(() => decodePicture(bytes, 'it')).toThrow(why);
  });
});

describe('the way up', () => {
  // 24 × 16, a block of white in the upper left corner
  const grey = Uint8Array.from({ length: 24 * 16 }, (_, p) => (p % 24 < 8 && p < 24 * 8 ? 255 : 0));
  const plain = greyJpeg(grey, 24, 16);

  /** What Exif is: how the camera was held. */
  function tiff(orientation: number, little: boolean): Uint8Array {
    const view = new DataView(new ArrayBuffer(26));
    view.setUint16(0, little ? 0x4949 : 0x4d4d);
    view.setUint16(2, 42, little);
    view.setUint32(4, 8, little);
    view.setUint16(8, 1, little);
    view.setUint16(10, 0x112, little);
    view.setUint16(12, 3, little);
    view.setUint32(14, 1, little);
    view.setUint16(18, orientation, little);
    return new Uint8Array(view.buffer);
  }

  /** The same picture as a JPEG and as a PNG that note it. */
  function held(orientation: number, little: boolean): { jpeg: Uint8Array; png: Uint8Array } {
    const exif = tiff(orientation, little);
    const segment = [0xff, 0xe1, 0, 34, ...new TextEncoder().encode('Exif\0\0'), ...exif];
    const rows = Array.from({ length: 16 }, (_, y) => [0, ...grey.subarray(24 * y, 24 * (y + 1))]).flat();
    return {
      jpeg: Uint8Array.from([...plain.subarray(0, 2), ...segment, ...plain.subarray(2)]),
      png: png([...big(24), ...big(16), 8, 0, 0, 0, 0], packed(...rows), ['eXIf', exif]),
    };
  }

  /** The corner that is white: its row and its column, 0 or 1. */
  function corner(bytes: Uint8Array): [width: number, row: number, column: number] {
    const { width, height, data } = decodePicture(bytes, 'it');
    const white = (row: number, column: number) => data[4 * (row * (height - 1) * width + column * (width - 1))]! > 128;
    const at = [0, 1].flatMap(row => [0, 1].map(column => [row, column] as const)).filter(([r, c]) => white(r, c));
    expect(at.length).toBe(1);
    return [width, ...at[0]!];
  }

  test.each([
    [1, [24, 0, 0]],
    [2, [24, 0, 1]],
    [3, [24, 1, 1]],
    [4, [24, 1, 0]],
    [5, [16, 0, 0]],
    [6, [16, 0, 1]],
    [7, [16, 1, 1]],
    [8, [16, 1, 0]],
  ])('orientation %i is turned upright', (orientation, wanted) => {
    for (const little of [true, false]) {
      const { jpeg, png } = held(orientation, little);
      expect(corner(jpeg)).toEqual(wanted);
      expect(corner(png)).toEqual(wanted);
    }
  });

  test('a PNG whose note is damaged, empty or strange stays as it lies', () => {
    const rows = Array.from({ length: 16 }, (_, y) => [0, ...grey.subarray(24 * y, 24 * (y + 1))]).flat();
    const noted = (exif: Uint8Array) => png([...big(24), ...big(16), 8, 0, 0, 0, 0], ['eXIf', exif], packed(...rows));
    for (const exif of [new Uint8Array(0), tiff(6, true).subarray(0, 13), tiff(9, true), new Uint8Array(40).fill(255)])
      expect(corner(noted(exif))).toEqual([24, 0, 0]);
    const damaged = noted(tiff(6, true));
    damaged[8 + 25 + 8 + 18] = 8; // the checksum tells
    expect(corner(damaged)).toEqual([24, 0, 0]);
  });

  test('dimensions of a JPEG that fill the memory are refused', () => {
    const bytes = plain.slice();
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    bytes.fill(0xff, frame + 5, frame + 9);
    expect(() => decodePicture(bytes, 'it')).toThrow(/^it: is 65535 × 65535; at most 50 million pixels/);
  });
});

describe('what is no picture', () => {
  const form = digit(3);
  const pictures = { png: greyPng(form, 28, 28), jpeg: greyJpeg(form, 28, 28) };

  test.each(Object.entries(pictures))('a %s cut short anywhere is refused', (_, bytes) => {
    for (let length = 0; length < bytes.length - 2; length++) {
      expect(() => decodePicture(bytes.subarray(0, length), 'it'), `${length} bytes`).toThrow(PictureError);
    }
  });

  sharedTest.each(Object.entries(pictures))('whatever is changed in a %s, only PictureError gets out', (_, bytes) => {
    const random = randomNumbers(6);
    for (let trial = 0; trial < allOrOneInCount(2, 400); trial++) {
      const changed = bytes.slice();
      for (let k = 0; k < 1 + 4 * random(); k++)
        changed[Math.floor(random() * bytes.length)] = Math.floor(256 * random());
      try {
        seen(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(PictureError);
      }
    }
  });

  test.each([
    ['', 'is empty'],
    ['hello', 'is no picture that is known here'],
    ['GIF89a', 'is a GIF'],
    ['RIFF\u0001\u0002\u0003\u0004WEBPVP8 ', 'is a WebP picture'],
    ['BM    ', 'is a BMP'],
    ['%PDF-1.7', 'is a PDF'],
    ['<?xml version="1.0"?>\n<svg>', 'is an SVG drawing'],
    ['\0\0\0\u0018ftypheic', 'is a HEIC or AVIF picture'],
  ])('%j %s', (text, what) => {
    const message = `it: ${what}; PNG or JPEG was wanted`;
    expect(() => decodePicture(new TextEncoder().encode(text), 'it')).toThrow(message);
  });
});

describe('a trained network reads', () => {
  let trained: Trained;
  beforeAll(async () => {
    trained = await trainedNetwork();
  });

  sharedTest('digits drawn back at any size, place and shade as well as they were', async () => {
    const count = allOrOneInCount(3, 150);
    const counts = await readingDigits(trained, count, anyhow(1, 3));
    expect(counts.right / count, trained.name).toBeGreaterThan(0.75);
    expect(isNoWorse(counts), JSON.stringify(counts)).toBe(true);
  });

  test('and notices two pixels to the side of where they belong', async () => {
    const { network } = trained;
    const shifted = (picture: Picture) => mnistForm(picture).pixels.map((_, p, form) => form[p - 2] ?? 0);
    const read = async (picture: Picture) => (await predict(network, shifted(picture))).class;
    const counts = await readingDigits(trained, 100, anyhow(1, 3), read);
    expect(isNoWorse(counts), JSON.stringify(counts)).toBe(false);
  });

  // paper from grey 60 to 240, ink that takes 0.6 of the light, as large as the picture and with room around it
  test.each<[string, (u: number, v: number) => number]>([
    ['the left', u => 1 - u],
    ['the right', u => u],
    ['above', (_, v) => 1 - v],
    ['below', (_, v) => v],
    ['the upper left', (u, v) => 1 - (u + v) / 2],
    ['the upper right', (u, v) => (1 + u - v) / 2],
    ['the lower left', (u, v) => (1 - u + v) / 2],
    ['the lower right', (u, v) => (u + v) / 2],
  ])('nine of ten in strong light from %s', async (_, light) => {
    const counts = await readingDigits(trained, 30, (image, n) => {
      const side = n % 2 === 0 ? 90 : 60;
      const at = (side - 28 * 2.5) / 2;
      const placing = { width: side, height: side, scale: 2.5, left: at, top: at, ground: 0, ink: 255 };
      return greyPicture(
        side,
        side,
        drawnBack(image, placing),
        (ink, u, v) => (60 + 180 * light(u, v)) * (1 - 0.6 * ink),
      );
    });
    expect(counts.right - counts.lost, JSON.stringify(counts)).toBeGreaterThanOrEqual(0.9 * counts.right);
  });

  sharedTest('two digits side by side with a doubt, and one without', async () => {
    const { network, images } = trained;
    const image = (n: number) => images.slice(784 * n, 784 * (n + 1));
    const placing = { width: 150, height: 80, scale: 2.5, left: 5, top: 5, ground: 0, ink: 255 };
    let [alone, together] = [0, 0];
    const count = allOrOneInCount(2, 40);
    for (let n = 0; n < count; n++) {
      const one = drawnBack(image(n), placing);
      const other = drawnBack(image(n + 40), { ...placing, left: 75 });
      const both = one.map((v, p) => Math.max(v, other[p]!));
      const isDoubted = (grey: Uint8Array) =>
        predictPicture(
          network,
          greyPicture(150, 80, grey, ink => 230 - 200 * ink),
        ).doubts.includes('two digits');
      if (isDoubted(one)) alone++;
      if (isDoubted(both)) together++;
    }
    expect(alone).toBeLessThanOrEqual(1);
    expect(together).toBeGreaterThanOrEqual(0.925 * count);
  });
});

/** A picture of ink, 0 … 255, in greys that are told by it, 0 … 1, and by where it lies, 0 … 1. */
function greyPicture(
  width: number,
  height: number,
  ink: Uint8Array,
  grey: (ink: number, u: number, v: number) => number,
): Picture {
  const data = new Uint8Array(4 * width * height).fill(255);
  for (const [p, v] of ink.entries()) {
    data.fill(Math.round(grey(v / 255, (p % width) / width, Math.floor(p / width) / height)), 4 * p, 4 * p + 3);
  }
  return { width, height, data };
}

describe('predict', () => {
  const network = practicalCheckpoint();
  const pixels = seen(
    greyPng(drawnBack(digit(0), { width: 90, height: 90, scale: 3, left: 1, top: 2, ground: 0, ink: 255 }), 90, 90),
  );

  test('takes pixels, a file and a canvas, and gives the same of each', async () => {
    const canvas = { width: 28, height: 28, data: new Uint8ClampedArray(4 * 784).fill(255) };
    for (const [p, v] of pixels.entries()) canvas.data.fill(v, 4 * p, 4 * p + 3);
    const file = greyPng(pixels, 28, 28);
    const wanted = await predict(network, pixels);
    expect(wanted.pixels).toEqual(pixels);
    expect(wanted.responses.length).toBe(10);
    expect(wanted.class).toBe(wanted.responses.indexOf(Math.max(...wanted.responses)));
    expect(wanted.doubts).toEqual(['weak response']); // it was never trained
    for (const same of [[...pixels], file, Buffer.from(file), Uint8Array.from(file).buffer, canvas])
      expect(await predict(network, same)).toEqual(wanted);
  });

  test('a file as long as there are inputs is a file, pixels that begin as one are pixels', async () => {
    const inputs = 2048;
    const parameters = initialParameters({ inputs, hidden: 2, classes: 3 });
    const other = { ...network, parameters, inputShape: [2, 32, 32] as const };
    const start = Uint8Array.from({ length: inputs }, (_, i) => [0xff, 0xd8, 0xff][i] ?? 0);
    expect((await predict(other, start)).pixels).toEqual(start);
    start.set([0xff, 0xd9], inputs - 2);
    await expect(predict(other, start)).rejects.toThrow(PictureError);
    const png = Uint8Array.from({ length: inputs }, (_, i) => greyPng(pixels, 28, 28)[i] ?? 0);
    await expect(predict(other, png)).rejects.toThrow(/takes images of 2 × 32 × 32 .*1 × 28 × 28 only/);
  });

  test('of other things than digits a picture is only scaled', async () => {
    const canvas = {
      width: 56,
      height: 56,
      data: Uint8Array.from({ length: 4 * 56 * 56 }, (_, i) => (i % 4 === 3 ? 255 : 200)),
    };
    const other = { ...network, settings: { dataset: 'my own' } };
    expect((await predict(other, canvas)).pixels).toEqual(new Uint8Array(784).fill(200));
    await expect(predict(network, canvas)).rejects.toThrow(/^predict: nothing is drawn in it: it has one shade$/);
  });

  test.each<[string, never, RegExp]>([
    ['nothing', undefined as never, /^predict: the sample is undefined; numbers, the bytes of a PNG/],
    ['too few pixels', [1, 2] as never, /^predict: the image has 2 values and is no PNG or JPEG file; 784 pixels/],
    ['normalised pixels', new Float32Array(784).fill(-0.4) as never, /^predict: pixel 0 is -0\.4.*not normalised/],
    ['a damaged file', greyPng(pixels, 28, 28).subarray(0, 99) as never, /^predict: the picture: is cut short$/],
    [
      'half a canvas',
      { width: 9, height: 9, data: new Uint8Array(4) } as never,
      /^predict: 4 numbers for 9 × 9 pixels/,
    ],
  ])('refuses %s', async (_, image, why) => {
    await expect(predict(network, image)).rejects.toThrow(why);
    await expect(predict(network, image)).rejects.toThrow(LonghandError);
  });

  test('an unreadable picture is no defect of a data set', () => {
    expect(new PictureError('x')).toBeInstanceOf(LonghandError);
    expect(new PictureError('x')).not.toBeInstanceOf(DataError);
  });
});

describe('the command', () => {
  const longhand = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
  let folder: string;
  let run: string;
  const file = (name: string) => join(folder, name);
  const form = seen(
    greyPng(drawnBack(digit(0), { width: 90, height: 90, scale: 3, left: 1, top: 2, ground: 0, ink: 255 }), 90, 90),
  );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longhand-predict-'));
    run = file('run');
    mkdirSync(run);
    const sure = practicalCheckpoint();
    sure.parameters.b2.narrow(0, 3, 1).fill_(1);
    writeFileSync(join(run, 'checkpoint.safetensors'), await encodeCheckpoint(sure));
    writeFileSync(file('unsure.safetensors'), await encodeCheckpoint(practicalCheckpoint()));
    writeFileSync(file('other.safetensors'), await encodeCheckpoint(madeCheckpoint()));
    writeFileSync(file('digit.png'), greyPng(form, 28, 28));
    writeFileSync(file('digit.jpg'), greyJpeg(form, 28, 28));
    writeFileSync(file('blank.png'), greyPng(new Uint8Array(784), 28, 28));
    writeFileSync(file('short.png'), greyPng(form, 28, 28).subarray(0, 100));
    writeFileSync(file('text.png'), 'hello');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function command(args: string[], input?: Uint8Array): { status: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [longhand, 'predict', ...args], {
      encoding: 'utf8',
      input,
    });
    return { status, stdout, stderr };
  }

  test('prints the class and the ten responses', () => {
    const { status, stdout, stderr } = command([run, file('digit.png'), file('digit.jpg')]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines.length).toBe(23);
    expect(lines[0]).toMatch(/digit\.png: \d$/);
    expect(lines.slice(1, 11).every((line, c) => new RegExp(`^ {2}${c} +-?[01]\\.\\d{4}$`).test(line))).toBe(true);
    expect(lines[11]).toMatch(/digit\.jpg: \d$/);
  });

  test('--json, from standard input', () => {
    const { status, stdout, stderr } = command(['--json', run, '-'], greyPng(form, 28, 28));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [read, ...others] = JSON.parse(stdout);
    expect(others).toEqual([]);
    expect(Object.keys(read)).toEqual(['image', 'class', 'responses', 'doubts', 'pixels']);
    expect(read.image).toBe('-');
    expect(read.pixels).toEqual([...form]);
    expect(read.class).toBe(read.responses.indexOf(Math.max(...read.responses)));
  });

  test('a picture that cannot be read does not keep the others from being read', () => {
    const bad = ['nothing.png', 'run', 'blank.png', 'short.png', 'text.png'].map(file);
    const { status, stdout, stderr } = command([run, ...bad, file('digit.png')]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^\S+digit\.png: \d\n/);
    expect(stderr.split('\n')).toEqual([
      `longhand: ${bad[0]}: there is no such file`,
      `longhand: ${bad[1]}: is a folder, not a file`,
      `longhand: ${bad[2]}: nothing is drawn in it: it has one shade`,
      `longhand: ${bad[3]}: is cut short`,
      `longhand: ${bad[4]}: is no picture that is known here; PNG or JPEG was wanted`,
      '',
    ]);
    const asJson = command([run, '--json', bad[0]!, file('digit.png')]);
    expect(asJson.status).toBe(1);
    expect(JSON.parse(asJson.stdout)[0]).toEqual({ image: bad[0], error: `${bad[0]}: there is no such file` });
  });

  test('says where the network is in doubt', () => {
    const { status, stderr } = command([file('unsure.safetensors'), file('digit.png')]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^longhand: .*digit\.png: the network is in doubt; a picture should look like .*\n$/);
  });

  test('says where two digits are drawn, as JSON too', () => {
    const placing = { width: 150, height: 80, scale: 2.5, left: 5, top: 5, ground: 0, ink: 255 };
    const other = drawnBack(digit(1), { ...placing, left: 75 });
    const both = drawnBack(digit(0), placing).map((v, p) => Math.max(v, other[p]!));
    writeFileSync(file('both.png'), greyPng(both, 150, 80));
    const { status, stdout, stderr } = command([run, '--json', file('both.png')]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^longhand: .*both\.png: two large things are drawn in it, .*; cut one out\n$/),
    });
    expect(JSON.parse(stdout)).toMatchObject([{ doubts: ['two digits'] }]);
  });

  // `script` of util-linux gives a command a terminal
  const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
  test.skipIf(!hasTerminal)(`fits on a narrow terminal${hasTerminal ? '' : ' (skipped)'}`, () => {
    writeFileSync(file('7.png'), greyPng(form, 28, 28));
    const long = `${'long-'.repeat(12)}.png`;
    writeFileSync(file(long), greyPng(form, 28, 28));
    const onTerminal = (columns: number, ...names: string[]) => {
      const args = [process.execPath, longhand, 'predict', 'run', ...names].map(word => `'${word}'`).join(' ');
      const { stdout } = spawnSync('script', ['-qec', `stty cols ${columns}; ${args}`, '/dev/null'], {
        encoding: 'utf8',
        cwd: folder,
        env: { ...process.env, TERM: 'xterm-256color', FORCE_COLOR: undefined },
      });
      return stripVTControlCharacters(stdout).replaceAll('\r', '').trimEnd().split('\n');
    };
    for (const columns of [25, 40, 51, 80]) {
      const lines = onTerminal(columns, '7.png');
      if (columns === 80) expect(lines.length).toBe(14); // beside the image
      if (columns === 40) expect(lines.length).toBe(1 + 14 + 10);
      expect(lines.filter(line => line.length > columns - 1)).toEqual([]);
      expect(lines.join('\n')).toMatch(/7\.png: 3/);
      expect(lines.filter(line => /\b\d +-?\d\.\d{4}/.test(line)).length).toBe(10);
    }
    // a long name stands above, whole
    expect(onTerminal(80, long)[0]).toBe(`${long}: 3`);
  });

  test('a page of text among the pictures is reported, as JSON too', () => {
    const page = Uint8Array.from({ length: 200 * 200 }, (_, p) =>
      p % 20 < 3 && Math.floor(p / 200) % 20 < 3 ? 0 : 255,
    );
    writeFileSync(file('page.png'), greyPng(page, 200, 200));
    const { status, stdout, stderr } = command([run, '--json', file('page.png'), file('digit.png')]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^longhand: .*page\.png: many small/),
    });
    expect(JSON.parse(stdout)).toMatchObject([{ error: expect.stringMatching(/many small/) }, { pixels: [...form] }]);
  });

  test('a picture for a network of other things than digits is only scaled', async () => {
    const checkpoint = practicalCheckpoint();
    const settings = { ...checkpoint.settings, dataset: 'fashion-mnist' as const };
    writeFileSync(file('fashion.safetensors'), await encodeCheckpoint({ ...checkpoint, settings }));
    const image = Uint8Array.from({ length: 784 }, (_, p) => p % 256);
    writeFileSync(file('image.png'), greyPng(image, 28, 28));
    const double = Uint8Array.from({ length: 56 * 56 }, (_, p) => (p % 56 < 28 ? 200 : 0));
    writeFileSync(file('double.png'), greyPng(double, 56, 56));
    const { stdout } = command([file('fashion.safetensors'), '--json', file('image.png'), file('double.png')]);
    const [same, half] = JSON.parse(stdout);
    expect(same.pixels).toEqual([...image]);
    expect([half.pixels[0], half.pixels[783]]).toEqual([200, 0]);
  });

  test('standard input that does not end is not read to its end', () => {
    const endless = 'yes longhand | "$2" "$0" predict "$1" - ; exit $?';
    const args = ['-c', endless, longhand, run, process.execPath];
    const { status, stderr } = spawnSync('sh', args, { encoding: 'utf8', timeout: 100_000 });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'longhand: standard input: is longer than the 268435456 bytes that are read at most\n',
    });
  });

  test('refuses what is no run, or a run on other images', () => {
    const cases: [args: string[], code: number, says: RegExp][] = [
      [[file('nothing'), file('digit.png')], 1, /^longhand: .*nothing.*there is no such file.*train --out DIR/],
      [[file('other.safetensors'), file('digit.png')], 1, /takes images of 1 × 2 × 3 \(mnist\).*1 × 28 × 28 only/],
      [[run], 2, /missing required argument 'image'/],
      [[run, '-', '-'], 2, /given twice/],
    ];
    const outcomes = outcomesOf(cases.map(([args]) => ['predict', ...args]));
    for (const [i, [, code, says]] of cases.entries())
      expect(outcomes[i]).toEqual({ code, stdout: '', stderr: expect.stringMatching(says) });
  });
});
