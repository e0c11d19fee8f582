/** Small files in the formats of the real data sets, made for the tests. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type DataSet, idxPacking } from '../src/prologue/catalogue.ts';

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** An IDX file. The values count up from 0 to 9, over and over: they are labels and pixels alike. */
export function idx(
  dims: readonly number[],
  { type = 8, values }: { type?: number; values?: Uint8Array } = {},
): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * dims.length));
  header.setUint8(2, type);
  header.setUint8(3, dims.length);
  for (const [i, dim] of dims.entries()) header.setUint32(4 + 4 * i, dim);
  const data = values ?? Uint8Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i % 10);
  return new Uint8Array(Buffer.concat([new Uint8Array(header.buffer), data]));
}

/** The same bytes from `bytes`, but for those from `at` on. */
export function patched(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(values, at);
  return copy;
}

export const madeCounts = { train: 6, test: 4 };

/** The four files of a small set in MNIST's format, by name, as they are and gzipped. */
export const madeFiles: Readonly<Record<string, Uint8Array>> = {
  'train-images-idx3-ubyte': idx([6, 28, 28]),
  'train-labels-idx1-ubyte': idx([6]),
  't10k-images-idx3-ubyte': idx([4, 28, 28]),
  't10k-labels-idx1-ubyte': idx([4]),
};
export const madeGzips: Readonly<Record<string, Uint8Array>> = Object.fromEntries(
  Object.entries(madeFiles).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]),
);

/** What is known of the files of the small set. */
export const madeChecksums: Readonly<Record<string, { sha256: string; gzipSha256: string }>> = Object.fromEntries(
  Object.entries(madeFiles).map(([name, bytes]) => [
    name,
    { sha256: sha256Of(bytes), gzipSha256: sha256Of(madeGzips[`${name}.gz`]!) },
  ]),
);

/** The small set. With `sha256` false it is as Fashion-MNIST: only the checksums of the gzipped files are known. */
export function madeSet(mirrors: readonly string[] = [], { sha256 = true } = {}): DataSet {
  const checksums = sha256
    ? madeChecksums
    : Object.fromEntries(Object.entries(madeChecksums).map(([name, { gzipSha256 }]) => [name, { gzipSha256 }]));
  return {
    name: 'made',
    title: 'The made set',
    layouts: ['made', 'made/Made/raw', '.'],
    packings: [idxPacking(madeCounts, [28, 28], checksums)],
    mirrors,
  };
}

/** A new folder for one test, and the way to be rid of it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Writes files into a folder, which is made. */
export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
}
