import { greyOf } from './ink.ts';
import { SIDE } from './mnist-layout.ts';
import type { Picture } from './picture.ts';
import { resized } from './resize.ts';

/** A picture in grey, brought to 28 × 28 and otherwise left alone; black where it is transparent. Bytes row by row. */
export function scaledForm(picture: Picture): Uint8Array {
  const { width, height, values } = greyOf(picture, 0);
  if (width === SIDE && height === SIDE) return values;
  const grey = resized({ width, height, values: Float32Array.from(values) }, SIDE, SIDE);
  return Uint8Array.from(grey, v => Math.round(v));
}
