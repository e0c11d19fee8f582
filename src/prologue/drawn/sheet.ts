/** A contact sheet: small pictures side by side, to be looked at. */

import { SIDE } from '../../picture/mnist-layout.ts';
import { LonghandError } from '../../tensor/errors.ts';

export interface ContactSheet {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** `height` × `width` greys, row by row, from 0 (paper, black here as in MNIST) to 255 (ink). */
  readonly pixels: Uint8Array;
}

/**
 * Lays digits out in ten rows, one a class, the first `columns` of each class from left to right. A class with fewer
 * leaves the rest of its row empty.
 *
 * @throws LonghandError where `images` does not hold 28 × 28 pixels for each label, a label is above 9, or `columns` is
 * no whole number of 1 or more.
 */
export function contactSheet(images: Uint8Array, labels: Uint8Array, columns: number): ContactSheet {
  if (images.length !== labels.length * SIDE * SIDE) {
    const came = `${images.length} pixels for ${labels.length} labels`;
    throw new LonghandError(`contactSheet: ${came}; it wants ${SIDE} × ${SIDE} pixels for each label`);
  }
  if (!Number.isInteger(columns) || columns < 1) {
    throw new LonghandError(`contactSheet: columns is ${columns}; it wants a whole number of 1 or more`);
  }
  const width = columns * SIDE;
  const height = 10 * SIDE;
  const pixels = new Uint8Array(width * height);
  const placed = new Array<number>(10).fill(0);
  labels.forEach((label, i) => {
    if (label > 9) throw new LonghandError(`contactSheet: label ${i} is ${label}; it wants 0 to 9`);
    const column = placed[label]!++;
    if (column >= columns) return;
    for (let row = 0; row < SIDE; row++) {
      const from = (i * SIDE + row) * SIDE;
      pixels.set(images.subarray(from, from + SIDE), (label * SIDE + row) * width + column * SIDE);
    }
  });
  return { width, height, pixels };
}
