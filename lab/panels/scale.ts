/** Scales that have names: full at ±1, ±2 or ±5 × 10ᵏ, so that they can be said in a legend and do not change all the time. */

/** Counts of numbers by the first 15 bits after their sign: the exponent, and the number to within 1%. */
const counts = new Uint32Array(2 ** 15);
const FIRST_INFINITE = 0x7f80;

/** How far from 0 the numbers reach, to within 1%, where at most `beyond` of them may be farther; NaN counts for nothing. */
export function reach(numbers: Float32Array, beyond: number): number {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  counts.fill(0);
  for (let i = 0; i < bits.length; i++) counts[(bits[i]! >>> 16) & 0x7fff]!++;
  let left = Math.floor(beyond * numbers.length);
  for (let first = FIRST_INFINITE - 1; first > 0; first--) {
    left -= counts[first]!;
    if (left < 0) return new Float32Array(Uint32Array.of((first + 1) << 16).buffer)[0]!;
  }
  return 0;
}

/** The first named step that is no less than `value`; 1 where there is nothing to show. */
export function namedStep(value: number): number {
  if (!(value > 0 && value < Infinity)) return 1;
  const power = Math.floor(Math.log10(value));
  for (const name of [`1e${power}`, `2e${power}`, `5e${power}`]) if (Number(name) >= value) return Number(name);
  return Number(`1e${power + 1}`);
}

const superscripts: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((digit, i) => [digit, [...'⁻⁰¹²³⁴⁵⁶⁷⁸⁹'][i]!]),
);

/** Powers of ten with names: 10⁻⁶. */
const tenTo = (power: number): string => `10${[...String(power)].map(digit => superscripts[digit]).join('')}`;

const powerOf = (full: number): number => Math.floor(Math.log10(full) + 1e-9);

/** Whether numbers on this scale are written without a power of ten. */
const isPlain = (full: number): boolean => full >= 0.0009 && full < 100_000;

/** A named step as it is read: 0.02, or 5 × 10⁻⁶. */
export function stepName(full: number): string {
  if (isPlain(full)) return String(full);
  const power = powerOf(full);
  return `${Math.round(full / 10 ** power)} × ${tenTo(power)}`;
}

/** A number with its sign, in the digits that can be seen on a scale that is full at ±`full`. */
export function signed(value: number, full: number): string {
  if (!Number.isFinite(value)) return String(value);
  const power = powerOf(full);
  const digits = isPlain(full)
    ? Math.abs(value).toFixed(Math.max(0, 2 - power))
    : Math.abs(value / 10 ** power).toFixed(2);
  const sign = Number(digits) === 0 ? '' : value < 0 ? '−' : '+';
  return `${sign}${digits}${isPlain(full) ? '' : ` × ${tenTo(power)}`}`;
}
