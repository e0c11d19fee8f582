/** Turns a trace of the pen into a picture, laid out as MNIST's are. One digit in 1,400 stays a little off the centre. */

import { BOX, layCentred } from '../../picture/mnist-layout.ts';
import type { Trace } from './hand.ts';

const EDGE = 1.15; // pixels over which the ink fades from black to nothing

/** Draws the trace into `picture`, 28 × 28 pixels from 0 (paper) to 255 (ink), which comes empty. */
export function draw({ x, y, radius, down }: Trace, picture: Uint8Array): void {
  const scale = Math.min(scaleFor(x, radius), scaleFor(y, radius));
  const left = origin(x, radius, scale);
  const top = origin(y, radius, scale);

  const ink = new Float64Array(BOX * BOX);
  for (let i = 1; i < x.length; i++) {
    if (!down[i]) continue;
    // pixel (c, r) has its centre at (c + ½, r + ½)
    segment(
      ink,
      scale * x[i - 1]! - left - 0.5,
      scale * y[i - 1]! - top - 0.5,
      radius[i - 1]!,
      scale * x[i]! - left - 0.5,
      scale * y[i]! - top - 0.5,
      radius[i]!,
    );
  }
  const greys = new Uint8Array(BOX * BOX);
  for (let at = 0; at < ink.length; at++) greys[at] = Math.round(255 * ink[at]!);
  layCentred(greys, BOX, picture);
}

/**
 * The scale s at which max(s·pᵢ + rᵢ) − min(s·pᵢ − rᵢ) is the side of the box. The extent is convex in s, so that
 * Newton's method from far above comes down to the solution and does not step over it.
 */
function scaleFor(p: readonly number[], radius: readonly number[]): number {
  let scale = 1000;
  for (let step = 0; step < 6; step++) {
    let high = 0;
    let low = 0;
    for (let i = 1; i < p.length; i++) {
      if (scale * p[i]! + radius[i]! > scale * p[high]! + radius[high]!) high = i;
      if (scale * p[i]! - radius[i]! < scale * p[low]! - radius[low]!) low = i;
    }
    const run = p[high]! - p[low]!;
    if (run <= 0) break;
    scale = (BOX - radius[high]! - radius[low]!) / run;
  }
  return scale;
}

/** Where the box begins, so that the digit lies in its middle and begins at a whole pixel. */
function origin(p: readonly number[], radius: readonly number[], scale: number): number {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < p.length; i++) {
    low = Math.min(low, scale * p[i]! - radius[i]!);
    high = Math.max(high, scale * p[i]! + radius[i]!);
  }
  return low - Math.round((BOX - (high - low)) / 2);
}

/** Inks the pixels near the segment from (x0, y0) to (x1, y1), where the pen's radius goes from r0 to r1. */
function segment(ink: Float64Array, x0: number, y0: number, r0: number, x1: number, y1: number, r1: number): void {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length2 = dx * dx + dy * dy;
  const reach = Math.max(r0, r1) + EDGE / 2;
  const beyond = (reach + 1e-6) ** 2; // no ink comes so far
  const firstColumn = Math.max(0, Math.ceil(Math.min(x0, x1) - reach));
  const lastColumn = Math.min(BOX - 1, Math.floor(Math.max(x0, x1) + reach));
  const firstRow = Math.max(0, Math.ceil(Math.min(y0, y1) - reach));
  const lastRow = Math.min(BOX - 1, Math.floor(Math.max(y0, y1) + reach));
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const at = row * BOX + column;
      if (ink[at] === 1) continue; // it cannot become blacker
      const px = column - x0;
      const py = row - y0;
      const t = length2 > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length2)) : 0;
      const ex = px - t * dx;
      const ey = py - t * dy;
      const distance2 = ex * ex + ey * ey;
      if (distance2 > beyond) continue;
      const inside = r0 + t * (r1 - r0) - Math.sqrt(distance2); // > 0 within the ink
      const grey = Math.min(1, inside / EDGE + 0.5);
      if (grey > ink[at]!) ink[at] = grey;
    }
  }
}
