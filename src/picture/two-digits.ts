import { boxAround, sideOf } from './box.ts';
import type { Ink } from './ink.ts';
import { partsOf } from './parts.ts';

/** Of all ink: with less, a part is a stroke of a digit that stands apart, as the bar of a 5. */
const LEAST_SHARE = 0.2;
/** Of the longer side of the larger part. */
const LEAST_LENGTH = 0.5;

/** Whether there are two large parts beside each other or one above the other, as two digits are. */
export function areTwoDigits({ width, height, values }: Ink): boolean {
  const parts = partsOf({ width, height, values }).sort((a, b) => b.mass - a.mass);
  const [first, second] = parts.slice(0, 2).map(({ pixels }) => {
    const only = new Uint8Array(values.length);
    for (const p of pixels) only[p] = 1;
    return boxAround(only, width, height);
  });
  if (first === undefined || second === undefined) return false;
  const all = parts.reduce((sum, { mass }) => sum + mass, 0);
  if (parts[1]!.mass < LEAST_SHARE * all || sideOf(second) < LEAST_LENGTH * sideOf(first)) return false;
  return (
    first.right < second.left || second.right < first.left || first.bottom < second.top || second.bottom < first.top
  );
}
