import { boxAround, sideOf } from './box.ts';
import { findDigit } from './find-digit.ts';
import { greyOf, type Ink } from './ink.ts';
import { BOX, CENTRE, centreOfMass, layCentred, SIDE } from './mnist-layout.ts';
import { type Picture, PictureError } from './picture.ts';
import { resized } from './resize.ts';
import { withWideStrokes } from './stroke.ts';
import { areTwoDigits } from './two-digits.ts';

/**
 * A picture of one digit in the form of MNIST's images (http://yann.lecun.com/exdb/mnist/): white on black, 28 × 28,
 * the digit scaled to fill a box of 20 × 20 keeping its proportions, its centre of mass in the middle. Bytes row by row.
 *
 * An image that has this form already, or has it in black on white, stays as it is. Of two digits side by side both are
 * brought to this form as if they were one, and it is said.
 *
 * @throws PictureError where nothing is drawn, or many small things.
 */
export function mnistForm(picture: Picture): { pixels: Uint8Array; areTwoDigits: boolean } {
  const onWhite = greyOf(picture, 255);
  if (picture.width === SIDE && picture.height === SIDE) {
    const found = [onWhite.values, onWhite.values.map(v => 255 - v)].find(hasMnistForm);
    if (found !== undefined) return { pixels: found, areTwoDigits: false };
  }
  const ink = inkIn(picture);
  const box = boxed(withWideStrokes(ink, sideOf(boxAround(ink.values, ink.width, ink.height)), BOX));
  const pixels = new Uint8Array(SIDE * SIDE);
  layCentred(
    Uint8Array.from(box.values, v => Math.round(255 * v)),
    box.width,
    pixels,
  );
  return { pixels, areTwoDigits: areTwoDigits(ink) };
}

/** The digit as it is seen in grey, or where that has one shade: white on nothing, or two colours equally bright. */
function inkIn(picture: Picture): Ink {
  let unseen: unknown;
  for (const grey of [
    () => greyOf(picture, 255),
    () => greyOf(picture, 0),
    () => greyOf(picture, 255, [1, 0, 0]),
    () => greyOf(picture, 255, [0, 0, 1]),
  ]) {
    try {
      return findDigit(grey());
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      unseen ??= error;
    }
  }
  throw unseen;
}

/** What lies in the box around the ink, scaled so that its longer side is that of MNIST's box. */
function boxed({ width, height, values }: Ink): Ink {
  const { left, top, right, bottom } = boxAround(values, width, height);
  const [w, h] = [right - left + 1, bottom - top + 1];
  const cut = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    cut.set(values.subarray((top + y) * width + left, (top + y) * width + left + w), y * w);
  }
  const scale = BOX / Math.max(w, h);
  const to = { width: Math.max(1, Math.round(w * scale)), height: Math.max(1, Math.round(h * scale)) };
  const small = resized({ width: w, height: h, values: cut }, to.width, to.height);
  // a thin stroke is spread thinly over the pixels: MNIST's are full in the middle
  const most = small.reduce((a, b) => Math.max(a, b), 0);
  return { ...to, values: small.map(v => v / most) };
}

/** Black around, a digit of the right size in the right place, nearly white somewhere: so are all MNIST images but one. */
function hasMnistForm(image: Uint8Array): boolean {
  if (image.reduce((a, b) => Math.max(a, b)) < 240) return false;
  const size = sideOf(boxAround(image, SIDE, SIDE));
  const { x, y } = centreOfMass(image, SIDE);
  return size <= BOX && size >= BOX - 2 && Math.max(Math.abs(x - CENTRE), Math.abs(y - CENTRE)) <= 0.51;
}
