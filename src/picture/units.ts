import type { Tensor } from '../tensor/index.ts';
import { NUMERAL_HEIGHT, writeNumber } from './numerals.ts';
import type { Colours } from './picture.ts';

/** The weights at which the colours are full. It is the same for all pictures, so that they can be compared. */
export const FULL_COLOUR = 0.15;

const MOST_UNITS = 256;
/** About as wide as a picture is: tiles are enlarged by whole multiples, so that their pixels stay sharp. */
const WIDTH = 1000;
const GROUND = [64, 64, 64] as const;
const WRITING = [200, 200, 200] as const;
/** Pixels of the picture to a pixel of a numeral. */
const WRITING_SCALE = 2;

/**
 * A picture of what the hidden units look for: a tile a unit with its number above it, which is its row in w1, counted
 * from 0; a square a pixel of the input, white where its weight is 0, red where it is positive and blue where it is
 * negative, deepest from ±`FULL_COLOUR` on. Of colour images the mean of the three weights is drawn; of more than 256
 * units the first 256.
 */
export function unitsPicture(
  w1: Tensor<[number, number]>,
  [channels, rows, columns]: readonly [number, number, number],
): Colours {
  const weights = w1.elements();
  const units = Math.min(w1.size(0), MOST_UNITS);
  const across = Math.ceil(Math.sqrt(units));
  const scale = Math.max(1, Math.round(WIDTH / (across * (columns + 1) + 1)));
  const head = (NUMERAL_HEIGHT + 2) * WRITING_SCALE;
  const tileWidth = scale * (columns + 1);
  const tileHeight = head + scale * rows;
  const width = across * tileWidth + scale;
  const height = Math.ceil(units / across) * tileHeight + scale;
  const rgb = new Uint8Array(3 * width * height);
  const area = rows * columns;

  /** A square of one colour. */
  const paint = (left: number, top: number, side: number, [r, g, b]: readonly [number, number, number]) => {
    for (let y = top; y < top + side; y++) {
      for (let at = 3 * (y * width + left); at < 3 * (y * width + left + side); at += 3) {
        rgb[at] = r;
        rgb[at + 1] = g;
        rgb[at + 2] = b;
      }
    }
  };
  for (let at = 0; at < rgb.length; at++) rgb[at] = GROUND[at % 3]!;
  for (let unit = 0; unit < units; unit++) {
    const left = (unit % across) * tileWidth + scale;
    const top = Math.floor(unit / across) * tileHeight + head;
    writeNumber(unit, (x, y) => {
      const [column, row] = [left + WRITING_SCALE * x, top - head + WRITING_SCALE * (1 + y)];
      if (column + WRITING_SCALE <= width) paint(column, row, WRITING_SCALE, WRITING); // tiles of few pixels are narrow
    });
    for (let pixel = 0; pixel < area; pixel++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += weights[(unit * channels + channel) * area + pixel]!;
      const [x, y] = [pixel % columns, Math.floor(pixel / columns)];
      paint(left + scale * x, top + scale * y, scale, colourOf(sum / channels));
    }
  }
  return { width, height, rgb };
}

/** From blue (33, 102, 172) over white to red (178, 24, 43), ColorBrewer's RdBu, which the colour-blind tell apart. */
function colourOf(weight: number): [number, number, number] {
  const strength = Math.min(1, Math.abs(weight) / FULL_COLOUR);
  const [r, g, b] = weight < 0 ? [33, 102, 172] : [178, 24, 43];
  const mixed = (full: number): number => Math.round(255 + strength * (full - 255));
  return [mixed(r), mixed(g), mixed(b)];
}
