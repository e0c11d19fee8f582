/** A contact sheet: small pictures side by side, to be looked at. */

import { SIDE } from './ink.ts';

export interface ContactSheet {
  /** In pixels. */
  width: number;
  height: number;
  /** `height` × `width` greys, row by row, from 0 (paper, black here as in MNIST) to 255 (ink). */
  pixels: Uint8Array;
}

/**
 * Lays digits out in ten rows, one a class, the first `columns` of each class from left to right. A class with fewer
 * leaves the rest of its row empty.
 */
export function contactSheet(images: Uint8Array, labels: Uint8Array, columns: number): ContactSheet {
  const width = columns * SIDE;
  const height = 10 * SIDE;
  const pixels = new Uint8Array(width * height);
  const placed = new Array<number>(10).fill(0);
  labels.forEach((label, i) => {
    const column = placed[label]!++;
    if (column >= columns) return;
    for (let row = 0; row < SIDE; row++) {
      const from = (i * SIDE + row) * SIDE;
      pixels.set(images.subarray(from, from + SIDE), (label * SIDE + row) * width + column * SIDE);
    }
  });
  return { width, height, pixels };
}
