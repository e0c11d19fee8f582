import type { Picture } from '../../src/picture/picture.ts';
import { resized } from '../../src/picture/resize.ts';

/** Where the pen was, and its radius: in sides of the sheet, from its left upper corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** One movement of the pen, or of the eraser. It grows while it is drawn. */
export interface Stroke {
  readonly erases: boolean;
  readonly points: Point[];
}

/** All that is on the sheet: strokes, over an image of 28 × 28 where one was taken. */
export interface Drawing {
  readonly image: Uint8Array | undefined;
  readonly strokes: readonly Stroke[];
}

/** Pixels in a row of the sheet. More would only take longer: the network is shown 28. */
export const SHEET = 112;
const IMAGE = 28;
/** Pixels over which the ink fades at its rim. */
const EDGE = 1.4;

/**
 * The sheet, as greys from 0 (nothing) to 255 (ink). Strokes are laid on it by arithmetic and not by a canvas: the same
 * drawing has the same pixels on every machine. A stroke that grows costs no more than what is added to it.
 */
export class Sheet {
  readonly greys: Uint8Array<ArrayBuffer> = new Uint8Array(SHEET * SHEET);

  get isEmpty(): boolean {
    return this.greys.every(grey => grey === 0);
  }

  /** Lays a whole drawing on the sheet, in place of what was there. */
  show({ image, strokes }: Drawing): void {
    if (image === undefined) this.greys.fill(0);
    else {
      const large = resized({ width: IMAGE, height: IMAGE, values: Float32Array.from(image) }, SHEET, SHEET);
      this.greys.set(large.map(Math.round));
    }
    for (const { points, erases } of strokes)
      for (const [i, point] of points.entries()) this.mark(points[Math.max(0, i - 1)]!, point, erases);
  }

  /** Moves the pen from one point to another. The sheet ends at its rim, the pen need not. */
  mark(from: Point, to: Point, erases: boolean): void {
    // pixel (c, r) has its centre at (c + ½, r + ½)
    const [x0, y0, r0] = [from.x * SHEET - 0.5, from.y * SHEET - 0.5, from.radius * SHEET];
    const [dx, dy, dr] = [to.x * SHEET - 0.5 - x0, to.y * SHEET - 0.5 - y0, to.radius * SHEET - r0];
    const length2 = dx * dx + dy * dy;
    const reach = Math.max(r0, r0 + dr) + EDGE / 2;
    const firstRow = Math.max(0, Math.ceil(Math.min(y0, y0 + dy) - reach));
    const lastRow = Math.min(SHEET - 1, Math.floor(Math.max(y0, y0 + dy) + reach));
    const firstColumn = Math.max(0, Math.ceil(Math.min(x0, x0 + dx) - reach));
    const lastColumn = Math.min(SHEET - 1, Math.floor(Math.max(x0, x0 + dx) + reach));
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) {
        const [px, py] = [column - x0, row - y0];
        // how far along the way the pen is nearest
        const t = length2 > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length2)) : 0;
        const inside = r0 + t * dr - Math.sqrt((px - t * dx) ** 2 + (py - t * dy) ** 2);
        const grey = Math.round(255 * Math.min(1, Math.max(0, inside / EDGE + 0.5)));
        const at = row * SHEET + column;
        this.greys[at] = erases ? Math.min(this.greys[at]!, 255 - grey) : Math.max(this.greys[at]!, grey);
      }
    }
  }
}

/** The sheet in white on black, as a canvas would give it. */
export function pictureOf({ greys }: Pick<Sheet, 'greys'>): Picture {
  return inWhiteOnBlack(greys, SHEET);
}

/** An image of 28 × 28 as a picture: nothing need be found in it, nor brought to a form that it has. */
export function pictureOfImage(image: Uint8Array): Picture {
  return inWhiteOnBlack(image, IMAGE);
}

function inWhiteOnBlack(greys: Uint8Array, side: number): Picture {
  const data = new Uint8ClampedArray(4 * greys.length).fill(255);
  for (let p = 0; p < greys.length; p++) {
    const grey = greys[p]!;
    data[4 * p] = grey;
    data[4 * p + 1] = grey;
    data[4 * p + 2] = grey;
  }
  return { width: side, height: side, data };
}
