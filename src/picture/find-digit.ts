import { type Box, boxAround, sideOf } from './box.ts';
import { type Grey, type Ink, inkOf } from './ink.ts';
import { withoutSpecks } from './specks.ts';

/** Of the digit's longer side: the ground around it that is kept when it is cut out. */
const MARGIN = 0.5;

/**
 * The ink of the digit in a picture, and of nothing else. In a large picture it is looked for at a coarse resolution,
 * then cut out and looked at as sharply as the picture has it: a small digit on a large sheet would be a mere blot.
 *
 * @throws PictureError where nothing is drawn, or many small things.
 */
export function findDigit(grey: Grey): Ink {
  const digit = withoutSpecks(inkOf(grey));
  if (digit.width === grey.width && digit.height === grey.height) return digit;
  const box = boxAround(digit.values, digit.width, digit.height);
  return withoutSpecks(inkOf(cutOut(grey, box, Math.max(grey.width / digit.width, grey.height / digit.height))));
}

/** The part of a picture that lies in a box, whose pixels are `factor` times as large, and some ground around it. */
function cutOut({ width, height, values }: Grey, { left, top, right, bottom }: Box, factor: number): Grey {
  const margin = Math.max(2, MARGIN * sideOf({ left, top, right, bottom }));
  const [fromX, fromY] = [left, top].map(first => Math.floor(Math.max(0, first - margin) * factor)) as [number, number];
  const toX = Math.min(width, Math.ceil((right + 1 + margin) * factor));
  const toY = Math.min(height, Math.ceil((bottom + 1 + margin) * factor));
  const cut = new Uint8Array((toX - fromX) * (toY - fromY));
  for (let y = fromY; y < toY; y++) {
    cut.set(values.subarray(y * width + fromX, y * width + toX), (y - fromY) * (toX - fromX));
  }
  return { width: toX - fromX, height: toY - fromY, values: cut };
}
