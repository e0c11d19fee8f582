import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as browser from '../src/platform/browser.ts';
import * as node from '../src/platform/node.ts';
import { DataError } from '../src/prologue/data-error.ts';
import { gunzip } from '../src/prologue/gunzip.ts';
import { patched } from './made-files.ts';
import { gzipStorm } from './storms.ts';

const contents = Uint8Array.from({ length: 3000 }, (_, i) => Math.imul(i * i, 0x9e3779b1) >>> 24);
const file = new Uint8Array(gzipSync(contents));
const more = (...pieces: Uint8Array[]) => Buffer.concat([file, ...pieces]);

/** The same member behind a header with every optional field: flags, extra, name, comment, CRC of the header. */
function withFullHeader(bytes: Uint8Array): Uint8Array {
  const extra = [3, 0, 1, 2, 3];
  const texts = [...new TextEncoder().encode('name\0comment\0')];
  return Uint8Array.of(
    ...patched(bytes.subarray(0, 10), 3, 2 | 4 | 8 | 16),
    ...extra,
    ...texts,
    0,
    0,
    ...bytes.subarray(10),
  );
}

test('a member unpacks to its contents, whatever its header holds', async () => {
  expect(await gunzip(file, 3000, 'f')).toEqual(contents);
  expect(await gunzip(file, 5000, 'f')).toEqual(contents);
  expect(await gunzip(withFullHeader(file), 3000, 'f')).toEqual(contents);
  expect(await gunzip(new Uint8Array(gzipSync(new Uint8Array())), 10, 'f')).toEqual(new Uint8Array());
});

const bomb = new Uint8Array(gzipSync(new Uint8Array(200e6), { level: 9 }));

const rejected: [what: string, bytes: Uint8Array, message: RegExp][] = [
  ['nothing', new Uint8Array(), /not a gzip file/],
  ['no gzip file', contents, /not a gzip file/],
  ['two bytes', file.subarray(0, 2), /cut short at 2 bytes/],
  ['cut inside of the header', file.subarray(0, 9), /cut short at 9 bytes/],
  ['cut inside of a header with every field', withFullHeader(file).subarray(0, 20), /cut short at 20 bytes/],
  ['a name without an end', patched(file.subarray(0, 40), 3, 8).fill(65, 10), /cut short/],
  ['cut in the middle', file.subarray(0, 500), /cut short at 500 bytes/],
  ['one byte short', file.subarray(0, -1), /cut short|damaged/],
  ['eight bytes short', file.subarray(0, -8), /cut short/],
  ['a flipped bit in the middle', patched(file, 1500, file[1500]! ^ 4), /damaged/],
  ['another method of compression', patched(file, 2, 7), /header is damaged: method 7/],
  ['flags that do not exist', patched(file, 3, 0x80), /header is damaged: .*flags 128/],
  [
    'a wrong CRC',
    patched(file, file.length - 8, file.at(-8)! ^ 1),
    /damaged: the CRC of its contents is [0-9a-f]{8}, it says/,
  ],
  ['a wrong length', patched(file, file.length - 4, file.at(-4)! ^ 1), /damaged: it holds 3000 bytes, it says 3001/],
  ['trailing garbage', more(new TextEncoder().encode('garbage')), /goes on after its end/],
  ['a trailing zero', more(new Uint8Array(1)), /goes on after its end/],
  ['512 trailing zeros', more(new Uint8Array(512)), /goes on after its end/],
  ['a second member', more(file), /goes on after its end/],
  ['a second member that is empty', more(new Uint8Array(gzipSync(new Uint8Array()))), /goes on after its end/],
  ['an empty first member', Buffer.concat([gzipSync(new Uint8Array()), file]), /goes on after its end/],
  ['one byte too long', new Uint8Array(gzipSync(new Uint8Array(3001))), /unpacks to more than the 3000 bytes/],
  ['a bomb', bomb, /unpacks to more than the 3000 bytes/],
];

describe('a gzip file is rejected that is', () => {
  test.each(rejected)('%s', async (_, bytes, message) => {
    const failure = gunzip(bytes, 3000, '/data/some-file.gz');
    await expect(failure).rejects.toThrow(DataError);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(/^\/data\/some-file\.gz: /);
  });
});

test('a bomb of 200 kB that would become 200 MB takes less than 10 MB', async () => {
  expect(bomb.length).toBeLessThan(250_000);
  const before = process.memoryUsage().rss;
  await expect(gunzip(bomb, 3000, 'f')).rejects.toThrow(DataError);
  expect(process.memoryUsage().rss - before).toBeLessThan(10e6);
});

test('the browser unpacks and checks as Node does', async () => {
  const packed = file.subarray(10, -8);
  expect(await browser.inflateRaw(packed, 3000)).toEqual(contents);
  expect(browser.crc32(contents)).toBe(node.crc32(contents));
  expect(await browser.inflateRaw(packed, 2999)).toBe('too long');
  expect(await browser.inflateRaw(bomb.subarray(10, -8), 3000)).toBe('too long');
  expect(await browser.inflateRaw(packed.subarray(0, -9), 3000)).toBe('damaged');
  expect(await browser.inflateRaw(patched(packed, 0, 0xff), 3000)).toBe('damaged');
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
});

test('2,000 damaged gzip files are read or rejected, never anything else', async () => {
  const { read, rejected } = await gzipStorm(2000, 1);
  expect(read).toBeGreaterThan(10); // of the header, the time and the system may be anything
  expect(rejected).toBeGreaterThan(1000);
});
