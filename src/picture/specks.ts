import type { Ink } from './ink.ts';
import { partsOf } from './parts.ts';
import { PictureError } from './picture.ts';

/** Of all ink. A bar of a 5 that stands apart has more, dust and the rim of a sheet less. */
const LEAST_SHARE = 0.03;

/**
 * The ink without what hangs together with hardly any other: a speck far away would make the digit small.
 *
 * @throws PictureError where there is nothing else, as on a page of text.
 */
export function withoutSpecks(ink: Ink): Ink {
  const all = ink.values.reduce((sum, v) => sum + v, 0);
  const large = partsOf(ink).filter(part => part.mass >= LEAST_SHARE * all);
  if (large.length === 0) throw new PictureError('many small things are drawn in it, not one digit. Cut one digit out');
  const kept = new Float32Array(ink.values.length);
  for (const { pixels } of large) for (const p of pixels) kept[p] = ink.values[p]!;
  return { ...ink, values: kept };
}
