/** A number to so many digits, as it is printed: `−0.0213`, `1.23·10⁻⁶`. */
export function figure(number: number, digits = 4): string {
  if (Number.isNaN(number)) return 'NaN';
  const size = Math.abs(number);
  const sign = number < 0 ? '−' : '';
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return '0';
  const exponent = Number(size.toExponential(digits - 1).split('e')[1]);
  if (exponent < -4 || exponent > 5) {
    const [mantissa] = size.toExponential(digits - 1).split('e');
    return `${sign}${mantissa}·10${raised(exponent)}`;
  }
  return sign + size.toFixed(Math.max(0, digits - 1 - exponent));
}

/** A number that was chosen, not computed: as short as it was written, `0.9` also where float32 has 0.89999998. */
export const plain = (number: number): string => String(Number(number.toPrecision(6))).replace('-', '−');

/** To so many places after the point. */
export function fixed(number: number, places: number): string {
  if (!Number.isFinite(number)) return figure(number);
  const text = Math.abs(number).toFixed(places);
  return number < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/**
 * How numbers that are compared or added up are printed: all of them to the place that gives the one that decides so
 * many digits; each with a power of ten of its own where that place is too far behind the point.
 */
export function alike(deciding: number, digits = 4): (number: number) => string {
  const places = digits - 1 - Math.floor(Math.log10(Math.abs(deciding)));
  if (!(places <= 8)) return number => figure(number, digits);
  return number => fixed(number, Math.max(0, places));
}

/** With its sign, be it above 0. */
export const signed = (number: number, inFigures: (number: number) => string = figure): string =>
  (number > 0 ? '+' : '') + inFigures(number);

/** In a product: in parentheses where it has a sign. */
export const factor = (number: number, digits = 4): string =>
  number < 0 ? `(${figure(number, digits)})` : figure(number, digits);

const raised = (exponent: number): string =>
  [...String(exponent)].map(sign => (sign === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)])).join('');

/**
 * The number that has the full colour: the largest of them, made 1, 2 or 5 times a power of ten. So a scale grows in
 * steps that have a name, and does not tremble.
 */
export function scaleOf(numbers: ArrayLike<number>): number {
  const largest = sizeOf(numbers);
  if (largest === 0) return 1;
  const exponent = Math.floor(Math.log10(largest));
  const steps = [1, 2, 5, 10].map(step => Number(`${step}e${exponent}`));
  return steps.find(step => largest <= step * (1 + 1e-6)) ?? steps.at(-1)!;
}

/** The largest of them, without its sign; 0 where there are none. */
export function sizeOf(numbers: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < numbers.length; i++) {
    const size = Math.abs(numbers[i]!);
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}

/** A scale's end: `0.05`, `2·10⁻⁶`. */
export function scaleFigure(full: number): string {
  if (full >= 1e-3 && full < 1e5) return String(Number(full.toPrecision(1)));
  return figure(full, 1);
}
