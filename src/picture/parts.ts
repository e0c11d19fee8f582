import type { Ink } from './ink.ts';

/** Ink that hangs together. */
export interface Part {
  /** Where its pixels lie in the picture, counted row by row. */
  readonly pixels: readonly number[];
  /** How much ink it is. */
  readonly mass: number;
}

/** The parts of what is drawn, between which there is only ground. Pixels that meet at a corner hang together. */
export function partsOf(ink: Ink): Part[] {
  const parts: Part[] = [];
  const seen = new Uint8Array(ink.values.length);
  for (let start = 0; start < seen.length; start++) {
    if (ink.values[start] === 0 || seen[start]) continue;
    const pixels = reachedFrom(start, ink, seen);
    parts.push({ pixels, mass: pixels.reduce((sum, p) => sum + ink.values[p]!, 0) });
  }
  return parts;
}

/** All pixels with ink that are reached from one through neighbours, corner to corner too; marks them as seen. */
function reachedFrom(start: number, { width, height, values }: Ink, seen: Uint8Array): number[] {
  const part = [start];
  seen[start] = 1;
  for (let i = 0; i < part.length; i++) {
    const [x, y] = [part[i]! % width, Math.floor(part[i]! / width)];
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        const p = row * width + column;
        if (values[p] === 0 || seen[p]) continue;
        seen[p] = 1;
        part.push(p);
      }
    }
  }
  return part;
}
