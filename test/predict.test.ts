import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { zlibSync } from 'fflate';
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawnDigits } from '../src/index.ts';
import { encodeCheckpoint } from '../src/run/checkpoint.ts';
import { decodePicture } from '../src/run/picture/decode.ts';
import { mnistForm } from '../src/run/picture/mnist-form.ts';
import { type Picture, PictureError } from '../src/run/picture/picture.ts';
import { madeCheckpoint, practicalCheckpoint } from './checkpoints.ts';
import { anyPlacing, drawnBack, greyPng, randomNumbers } from './drawn-back.ts';
import { readAsWell, readingDigits, type Trained, trainedNetwork } from './reading-digits.ts';

const digits = drawnDigits({ count: 20 });
const digit = (n: number): Uint8Array => digits.images.slice(784 * n, 784 * (n + 1));
const seen = (bytes: Uint8Array): Uint8Array => mnistForm(decodePicture(bytes, 'it'));

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

  test('an image that has it stays as it is, in black on white too', () => {
    for (let n = 0; n < 20; n++) {
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

  test('a box of 20 × 20, the centre of mass in the middle, white on black', () => {
    const random = randomNumbers(2);
    for (let n = 0; n < 20; n++) {
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
  const rgba = (bytes: Uint8Array) => [...decodePicture(bytes, 'it').rgba];
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

  test.each([
    [0, 1],
    [0, 2],
    [0, 4],
    [3, 1],
    [3, 2],
    [3, 4],
  ])('interlaced, of kind %i and %i bits: said not to be read', (kind, depth) => {
    const header = [...big(3), ...big(3), depth, kind, 0, 0, 1];
    const why = `it: is an interlaced PNG of ${depth} bits a sample, not of 8: save it without interlacing`;
    expect(() => rgba(png(header, ['PLTE', new Uint8Array(6)], packed(0, 0)))).toThrow(why);
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
    ['more pixels than it says', png(ihdr(1, 1, 8, 0), ['IDAT', zlibSync(new Uint8Array(5e7))]), /unpack to more/],
    ['fewer pixels than it says', png(ihdr(50, 50, 8, 0), packed(0, 1, 2)), /damaged/],
    ['a depth that does not exist', png(ihdr(1, 1, 3, 0), packed(0, 1)), /damaged/],
    ['an empty palette', png(ihdr(1, 1, 8, 3), ['PLTE', new Uint8Array(0)], packed(0, 0)), /damaged/],
  ])('refused: %s', (_, bytes, why) => {
    expect(() => decodePicture(bytes, 'it')).toThrow(PictureError);
    expect(() => decodePicture(bytes, 'it')).toThrow(why);
  });
});

describe('JPEG', () => {
  // 24 × 16, a block of white in the upper left corner
  const grey = Uint8Array.from({ length: 24 * 16 }, (_, p) => (p % 24 < 8 && p < 24 * 8 ? 255 : 0));
  const plain = greyJpeg(grey, 24, 16);

  /** The same file with an Exif segment that says how the camera was held. */
  function held(orientation: number, little: boolean): Uint8Array {
    const tiff = new DataView(new ArrayBuffer(26));
    tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
    tiff.setUint16(2, 42, little);
    tiff.setUint32(4, 8, little);
    tiff.setUint16(8, 1, little);
    tiff.setUint16(10, 0x112, little);
    tiff.setUint16(12, 3, little);
    tiff.setUint32(14, 1, little);
    tiff.setUint16(18, orientation, little);
    const exif = [0xff, 0xe1, 0, 34, ...new TextEncoder().encode('Exif\0\0'), ...new Uint8Array(tiff.buffer)];
    return Uint8Array.from([...plain.subarray(0, 2), ...exif, ...plain.subarray(2)]);
  }

  /** The corner that is white: its row and its column, 0 or 1. */
  function corner(bytes: Uint8Array): [width: number, row: number, column: number] {
    const { width, height, rgba } = decodePicture(bytes, 'it');
    const white = (row: number, column: number) => rgba[4 * (row * (height - 1) * width + column * (width - 1))]! > 128;
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
    expect(corner(held(orientation, true))).toEqual(wanted);
    expect(corner(held(orientation, false))).toEqual(wanted);
  });

  test('dimensions that fill the memory are refused', () => {
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

  test.each(Object.entries(pictures))('whatever is changed in a %s, only PictureError gets out', (_, bytes) => {
    const random = randomNumbers(6);
    for (let trial = 0; trial < 400; trial++) {
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

describe('digits drawn back at any size, place and shade', () => {
  let trained: Trained;
  beforeAll(async () => {
    trained = await trainedNetwork();
  });

  test('are read as well as they were', () => {
    const reading = readingDigits(trained, { count: 400, room: 1.5 });
    expect(reading.plain, trained.name).toBeGreaterThan(300);
    expect(readAsWell(reading), `${trained.name}: ${JSON.stringify(reading)}`).toBe(true);
  });

  test('are not, two pixels from where they belong', () => {
    const shifted = (picture: Picture) => mnistForm(picture).map((_, p, form) => form[p - 2] ?? 0);
    const reading = readingDigits(trained, { count: 150, room: 1.5, seen: shifted });
    expect(readAsWell(reading), `${trained.name}: ${JSON.stringify(reading)}`).toBe(false);
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

  function predict(args: string[], input?: Uint8Array): { status: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync('node', [longhand, 'predict', ...args], { encoding: 'utf8', input });
    return { status, stdout, stderr };
  }

  test('prints the class and the ten responses', () => {
    const { status, stdout, stderr } = predict([run, file('digit.png'), file('digit.jpg')]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines.length).toBe(23);
    expect(lines[0]).toMatch(/digit\.png: \d$/);
    expect(lines.slice(1, 11).every((line, c) => new RegExp(`^ {2}${c} +-?[01]\\.\\d{4}$`).test(line))).toBe(true);
    expect(lines[11]).toMatch(/digit\.jpg: \d$/);
  });

  test('--json, from standard input', () => {
    const { status, stdout, stderr } = predict(['--json', run, '-'], greyPng(form, 28, 28));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [read, ...others] = JSON.parse(stdout);
    expect(others).toEqual([]);
    expect(Object.keys(read)).toEqual(['image', 'class', 'responses', 'pixels']);
    expect(read.image).toBe('-');
    expect(read.pixels).toEqual([...form]);
    expect(read.class).toBe(read.responses.indexOf(Math.max(...read.responses)));
  });

  test('a picture that cannot be read does not keep the others from being read', () => {
    const bad = ['nothing.png', 'run', 'blank.png', 'short.png', 'text.png'].map(file);
    const { status, stdout, stderr } = predict([run, ...bad, file('digit.png')]);
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
    const asJson = predict([run, '--json', bad[0]!, file('digit.png')]);
    expect(asJson.status).toBe(1);
    expect(JSON.parse(asJson.stdout)[0]).toEqual({ image: bad[0], error: `${bad[0]}: there is no such file` });
  });

  test('says where the network is in doubt', () => {
    const { status, stderr } = predict([file('unsure.safetensors'), file('digit.png')]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^longhand: .*digit\.png: the network is in doubt; a picture should look like .*\n$/);
  });

  test('a page of text among the pictures is reported, as JSON too', () => {
    const page = Uint8Array.from({ length: 200 * 200 }, (_, p) =>
      p % 20 < 3 && Math.floor(p / 200) % 20 < 3 ? 0 : 255,
    );
    writeFileSync(file('page.png'), greyPng(page, 200, 200));
    const { status, stdout, stderr } = predict([run, '--json', file('page.png'), file('digit.png')]);
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
    const { stdout } = predict([file('fashion.safetensors'), '--json', file('image.png'), file('double.png')]);
    const [same, half] = JSON.parse(stdout);
    expect(same.pixels).toEqual([...image]);
    expect([half.pixels[0], half.pixels[783]]).toEqual([200, 0]);
  });

  test('standard input that does not end is not read to its end', () => {
    const endless = 'yes longhand | node "$0" predict "$1" - ; exit $?';
    const { status, stderr } = spawnSync('sh', ['-c', endless, longhand, run], { encoding: 'utf8', timeout: 20_000 });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'longhand: standard input: is longer than the 268435456 bytes that are read at most\n',
    });
  });

  test('refuses what is no run, or a run on other images', () => {
    expect(predict([file('nothing'), file('digit.png')])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^longhand: .*nothing.*there is no such file.*train --out DIR/),
    });
    expect(predict([file('other.safetensors'), file('digit.png')])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/takes images of 1 × 2 × 3 \(mnist\).*1 × 28 × 28 only/),
    });
    expect(predict([run])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/missing required argument 'image'/),
    });
    expect(predict([run, '-', '-'])).toMatchObject({ status: 2, stderr: expect.stringMatching(/given twice/) });
  });
});
