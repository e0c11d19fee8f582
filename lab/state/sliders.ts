import type { SettingName } from '../../src/settings/table.ts';

/** Round numbers, as many to each power of ten, from the first to the last that are wanted. */
function rounds(digits: readonly number[], from: number, to: number): readonly number[] {
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++)
    for (const digit of digits) all.push(Number(`${digit}e${power}`));
  return all.filter(value => value >= from && value <= to);
}

/** Where a slider can stand. It knows round numbers alone, closer together where they are smaller; a text says the others. */
export const scales: { readonly [Name in SettingName]?: readonly number[] } = {
  hidden: [
    ...new Set([...rounds([1, 2, 3, 4, 5, 6, 8], 1, 9), ...rounds([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8], 10, 2000)]),
  ],
  eta: rounds([1, 1.5, 2, 3, 5, 7], 0.001, 10),
  epsilon: rounds([1, 2, 5], 1e-8, 1),
  zeta: Array.from({ length: 30 }, (_, i) => (i + 1) / 20),
};

/** The place on a scale that is nearest to a value: by ratio, as its numbers are spread. */
export function placeOn(scale: readonly number[], value: number): number {
  let best = 0;
  for (const [place, there] of scale.entries())
    if (Math.abs(Math.log(there / value)) < Math.abs(Math.log(scale[best]! / value))) best = place;
  return best;
}
