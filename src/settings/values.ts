/** What may stand for a value, and how it is read: from an option, a file, a form. */
export interface Values<T extends string | number> {
  /** All of them, where they can be listed. */
  readonly choices?: readonly T[];
  /** The value that a text stands for. `refuse` is told what was wanted where it stands for none, and throws. */
  read(text: string, refuse: (wanted: string) => never): T;
}

/** Whole numbers within a range, both ends included. */
export function whole(from: number, to: number = Number.MAX_SAFE_INTEGER): Values<number> {
  return {
    read(text, refuse) {
      const value = Number(text) + 0; // -0 is 0
      if (/^[+-]?\d+$/.test(text.trim()) && Number.isSafeInteger(value) && value >= from && value <= to) return value;
      const tooFar = Math.abs(value) > Number.MAX_SAFE_INTEGER; // a double no longer tells it from its neighbours
      if (tooFar || to < Number.MAX_SAFE_INTEGER) return refuse(`a whole number, from ${from} to ${to}`);
      return refuse(from > Number.MIN_SAFE_INTEGER ? `a whole number, ${from} or more` : 'a whole number');
    },
  };
}

export const positive: Values<number> = {
  read(text, refuse) {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
    return refuse('a number greater than 0, such as 0.1 or 1e-6');
  },
};

export function oneOf<const T extends string>(choices: readonly T[]): Values<T> {
  return {
    choices,
    read: (text, refuse) => choices.find(choice => choice === text) ?? refuse(`one of ${choices.join(', ')}`),
  };
}
