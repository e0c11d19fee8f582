/**
 * Where the digit lies in an image of MNIST (http://yann.lecun.com/exdb/mnist/): it fills a box of 20 × 20 in its longer
 * direction, and the box lies in the 28 × 28 so that the centre of mass of the ink is in the middle.
 */

/** The sides of an image, and of the box that its digit fills. */
export const SIDE = 28;
export const BOX = 20;
/** The row and the column, counted from 0, nearest to which the centre of mass is put. Measured on MNIST's own images. */
export const CENTRE = 14;

/**
 * Lays a box of greys, at most 28 × 28 and not all of them 0, into an image that comes empty, so that the centre of mass
 * is as near the middle as whole pixels allow. The box never leaves the image: a seven or a nine whose ink lies at one
 * edge stays about a pixel off the centre for that.
 */
export function layCentred(box: Uint8Array, width: number, image: Uint8Array): void {
  const height = box.length / width;
  const { x, y } = centreOfMass(box, width);
  const left = Math.min(SIDE - width, Math.max(0, Math.round(CENTRE - x)));
  const top = Math.min(SIDE - height, Math.max(0, Math.round(CENTRE - y)));
  for (let row = 0; row < height; row++) {
    image.set(box.subarray(row * width, (row + 1) * width), (top + row) * SIDE + left);
  }
}

/** Column and row, counted from 0. */
export function centreOfMass(values: ArrayLike<number>, width: number): { x: number; y: number } {
  let [mass, x, y] = [0, 0, 0];
  for (let p = 0; p < values.length; p++) {
    mass += values[p]!;
    x += values[p]! * (p % width);
    y += values[p]! * Math.floor(p / width);
  }
  return { x: x / mass, y: y / mass };
}
