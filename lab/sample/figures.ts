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

/** A number that was chosen, not computed: as short as it was written, `0.9` also where float32 has 0.89999998. */
export const plain = (number: number): string => String(Number(number.toPrecision(6))).replace('-', '−');

/** Numbers to be compared: all to the place that gives the largest so many digits. */
export function alike(numbers: ArrayLike<number>, digits = 4): (number: number) => string {
  const full = scaleOf(numbers);
  const places = digits - 1 - Math.floor(Math.log10(full));
  if (places > 6 || places < 0) return number => figure(number, digits - 1);
  return number =>
    Number.isFinite(number)
      ? number
          .toFixed(places)
          .replace(/^-(?=.*[1-9])/, '−')
          .replace('-', '')
      : figure(number);
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
