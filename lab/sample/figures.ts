/** A number to so many digits, as it is printed: `−0.0213`, `1.23·10⁻⁶`. */
export function figure(number: number, digits = 4): string {
  if (Number.isNaN(number)) return 'NaN';
  const size = Math.abs(number);
  const sign = number < 0 ? '−' : '';
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return '0';
  const exponent = Number(size.toExponential(digits - 1).split('e')[1]);
  if (exponent < -3 || exponent > 5) {
    const [mantissa] = size.toExponential(digits - 1).split('e');
    return `${sign}${mantissa}·10${raised(exponent)}`;
  }
  return sign + size.toFixed(Math.max(0, digits - 1 - exponent));
}

/** With its sign, be it above 0. */
export const signed = (number: number, digits = 4): string => (number > 0 ? '+' : '') + figure(number, digits);

/** In a product: in parentheses where it has a sign. */
export const factor = (number: number, digits = 4): string =>
  number < 0 ? `(${figure(number, digits)})` : figure(number, digits);

const raised = (exponent: number): string =>
  [...String(exponent)].map(sign => (sign === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)])).join('');

/**
 * The number that has the full colour: the largest of them, made 1, 2 or 5 times a power of ten. So a scale grows in
 * steps that have a name, and does not tremble.
 */
export function scaleOf(...all: readonly ArrayLike<number>[]): number {
  let largest = 0;
  for (const numbers of all) {
    for (let i = 0; i < numbers.length; i++) {
      const size = Math.abs(numbers[i]!);
      if (size > largest && size < Infinity) largest = size;
    }
  }
  if (largest === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return power * [1, 2, 5, 10].find(step => largest <= step * power * (1 + 1e-9))!;
}

/** A scale's end: `0.05`, `2·10⁻⁶`. */
export function scaleFigure(full: number): string {
  if (full >= 1e-3 && full < 1e5) return String(Number(full.toPrecision(1)));
  return figure(full, 1);
}
