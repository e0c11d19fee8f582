import { PictureError } from './picture.ts';

/** The seven passes of Adam7 (https://www.w3.org/TR/png-3/#8Interlace): the first pixel of each, and the step to the next. */
const PASSES = [
  { x: 0, y: 0, xStep: 8, yStep: 8 },
  { x: 4, y: 0, xStep: 8, yStep: 8 },
  { x: 0, y: 4, xStep: 4, yStep: 8 },
  { x: 2, y: 0, xStep: 4, yStep: 4 },
  { x: 0, y: 2, xStep: 2, yStep: 4 },
  { x: 1, y: 0, xStep: 2, yStep: 2 },
  { x: 0, y: 1, xStep: 1, yStep: 2 },
] as const;

/** A picture of every few pixels of another: its rows as PNG has them, filters included, and where its pixels belong. */
export interface Pass {
  readonly width: number;
  readonly height: number;
  readonly rows: Uint8Array;
  /** Where the pixel in this column and row lies in the whole picture, counted row by row. */
  readonly place: (column: number, row: number) => number;
}

/** Cuts the unpacked pixels of an interlaced PNG into the smaller pictures, not interlaced, that they are made of. */
export function passesOf(unpacked: Uint8Array, width: number, height: number, bitsPerPixel: number): Pass[] {
  const passes: Pass[] = [];
  let at = 0;
  for (const { x, y, xStep, yStep } of PASSES) {
    const [w, h] = [Math.ceil((width - x) / xStep), Math.ceil((height - y) / yStep)];
    if (w <= 0 || h <= 0) continue;
    const length = h * (1 + Math.ceil((w * bitsPerPixel) / 8));
    const rows = unpacked.subarray(at, at + length);
    if (rows.length < length) throw new PictureError('is damaged: its pixels unpack to less than its dimensions say');
    passes.push({ width: w, height: h, rows, place: (i, j) => (y + j * yStep) * width + x + i * xStep });
    at += length;
  }
  return passes;
}
