import { LonghandError } from '../tensor/index.ts';

/** Something is no picture that can be read, or there is nothing to see in it. */
export class PictureError extends LonghandError {
  override name = 'PictureError';
}

/** Pixels row by row: red, green, blue and alpha, 0 … 255 each. What `getImageData` gives of a canvas is one. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Pixels row by row without transparency: red, green and blue, 0 … 255 each. */
export interface Colours {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A photograph from a telephone has 12 to 50 million pixels. */
const MOST_PIXELS = 50_000_000;

/** Refuses dimensions that would fill the memory, before there is anything of that size. */
export function checkDimensions(width: number, height: number): void {
  if (width === 0 || height === 0) throw new PictureError(`is ${width} × ${height}, without a single pixel`);
  if (width * height > MOST_PIXELS)
    throw new PictureError(
      `is ${width} × ${height}; at most ${MOST_PIXELS / 1e6} million pixels are read. Make it smaller`,
    );
}
