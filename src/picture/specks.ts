import type { Ink } from './ink.ts';
import { PictureError } from './picture.ts';

/** Of all ink. A bar of a 5 that stands apart has more, dust and the rim of a sheet less. */
const LEAST_SHARE = 0.03;

/**
 * The ink without what hangs together with hardly any other: a speck far away would make the digit small.
 *
 * @throws PictureError where there is nothing else, as on a page of text.
 */
export function withoutSpecks({ width, height, values }: Ink): Ink {
  const kept = new Float32Array(values.length);
  const all = values.reduce((sum, v) => sum + v, 0);
  const seen = new Uint8Array(values.length);
  for (let start = 0; start < values.length; start++) {
    if (values[start] === 0 || seen[start]) continue;
    const part = partFrom(start, { width, height, values }, seen);
    const mass = part.reduce((sum, p) => sum + values[p]!, 0);
    if (mass >= LEAST_SHARE * all) for (const p of part) kept[p] = values[p]!;
  }
  if (!kept.some(v => v > 0))
    throw new PictureError('many small things are drawn in it, not one digit. Cut one digit out');
  return { width, height, values: kept };
}

/** All pixels with ink that are reached from one through neighbours, corner to corner too; marks them as seen. */
function partFrom(start: number, { width, height, values }: Ink, seen: Uint8Array): number[] {
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
