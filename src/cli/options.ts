import { InvalidArgumentError } from 'commander';

/** Parsers of option values: each says what it wants, commander says what came. */

export function wholeNumber(from: number, to: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < from || value > to) {
      const tooFar = Math.abs(value) > Number.MAX_SAFE_INTEGER; // a double no longer tells it from its neighbours
      const range =
        tooFar || to < Number.MAX_SAFE_INTEGER
          ? `from ${from} to ${to}`
          : from > Number.MIN_SAFE_INTEGER
            ? `${from} or more`
            : '';
      throw new InvalidArgumentError(`It wants a whole number${range ? `, ${range}` : ''}.`);
    }
    return value;
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It wants a number greater than 0, such as 0.1 or 1e-6.');
  }
  return value;
}
