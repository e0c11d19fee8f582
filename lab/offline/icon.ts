import { encode } from 'fast-png';

/** public/icon.svg as a PNG of `side` pixels: an L in white on blue. `isWhole`: blue to the edges, for a host that cuts it. */
export function icon(side: number, { isWhole = false } = {}): Uint8Array {
  const data = new Uint8Array(4 * side * side);
  const unit = side / 32;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      // the middle of the pixel, in the drawing's own units
      const [u, v] = [(x + 0.5) / unit, (y + 0.5) / unit];
      const square = isWhole ? 1 : covered(roundedSquare(u, v), unit);
      const letter = isWhole ? stroke(16 + (u - 16) / 0.75, 16 + (v - 16) / 0.75) : stroke(u, v);
      const white = covered(letter, unit);
      const blue = [0x1f, 0x5f, 0xae];
      for (const [i, value] of blue.entries()) data[4 * (y * side + x) + i] = Math.round(value + (255 - value) * white);
      data[4 * (y * side + x) + 3] = Math.round(255 * square);
    }
  }
  return encode({ width: side, height: side, data, channels: 4, depth: 8 });
}

/** How much of a pixel lies inside an outline that is so far away, outside positive. */
const covered = (distance: number, unit: number): number => Math.min(1, Math.max(0, 0.5 - distance * unit));

function roundedSquare(x: number, y: number): number {
  const [dx, dy] = [Math.max(0, Math.abs(x - 16) - 9), Math.max(0, Math.abs(y - 16) - 9)];
  return Math.hypot(dx, dy) - 7;
}

/** The letter: a line down and one to the right, 4 wide, with round ends. */
function stroke(x: number, y: number): number {
  const down = Math.hypot(x - 10, y - Math.min(25, Math.max(5, y)));
  const right = Math.hypot(x - Math.min(23, Math.max(10, x)), y - 25);
  return Math.min(down, right) - 2;
}
