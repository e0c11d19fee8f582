import type { Tensor } from '../tensor/index.ts';
import type { Colours } from './picture.ts';

/** The weights at which the colours are full. It is the same for all pictures, so that they can be compared. */
export const FULL_COLOUR = 0.15;

const MOST_UNITS = 256;

/**
 * A picture of what the hidden units look for: a tile a unit, a square a pixel of the input, white where its weight is 0,
 * red where it is positive and blue where it is negative, deepest from ±`FULL_COLOUR` on. Of colour images the mean of
 * the three weights is drawn; of more than 256 units the first 256.
 */
export function unitsPicture(
  w1: Tensor<[number, number]>,
  [channels, rows, columns]: readonly [number, number, number],
): Colours {
  const weights = w1.elements();
  const units = Math.min(w1.size(0), MOST_UNITS);
  const across = Math.ceil(Math.sqrt(units));
  const tileWidth = columns + 1;
  const tileHeight = rows + 1;
  const width = across * tileWidth + 1;
  const height = Math.ceil(units / across) * tileHeight + 1;
  const rgb = new Uint8Array(3 * width * height).fill(64);
  const area = rows * columns;

  for (let unit = 0; unit < units; unit++) {
    const left = (unit % across) * tileWidth + 1;
    const top = Math.floor(unit / across) * tileHeight + 1;
    for (let pixel = 0; pixel < area; pixel++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += weights[(unit * channels + channel) * area + pixel]!;
      const colour = colourOf(sum / channels);
      const x = left + (pixel % columns);
      const y = top + Math.floor(pixel / columns);
      rgb.set(colour, 3 * (y * width + x));
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
