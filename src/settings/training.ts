import { oneOf, positive, type Values, whole } from './values.ts';

/** Something that a training depends on, and that whoever starts it may choose. */
export interface Setting<T extends string | number> {
  /** How the command line asks for a value, where it does so by an option: `--eta <x>`. */
  readonly option?: string;
  /** What it is, in a line: for `--help` and forms. */
  readonly about: string;
  /** What it is unless somebody chooses. */
  readonly default: T;
  /** The default in words, where the value alone does not tell it. */
  readonly defaultInWords?: string;
  /** What may be chosen. */
  readonly values: Values<T>;
  /** What of that the option takes, where it does not take all. */
  readonly optionValues?: Values<T>;
  /** Options without a value, each of which stands for one of the values: `--full`. */
  readonly flags?: Readonly<Record<`--${string}`, { readonly value: T; readonly about: string }>>;
  /** Whether a run that goes on may have it otherwise than it began. */
  readonly mayChange?: true;
}

// Those of the mathematics, which know of no engine and no data set: train.ts takes its defaults from here.

export const seed: Setting<number> = {
  option: '--seed <n>',
  about: "seed of the initial weights, PyTorch's; negative: do not seed",
  default: 0,
  values: whole(Number.MIN_SAFE_INTEGER),
};

export const steps: Setting<number> = {
  option: '--steps <n>',
  about: 'gradient steps',
  default: 1000,
  values: whole(1),
  mayChange: true,
};

export const hidden: Setting<number> = {
  option: '--hidden <n>',
  about: 'hidden units',
  default: 50,
  values: whole(1, 1_000_000),
};

export const eta: Setting<number> = {
  option: '--eta <x>',
  about: 'step size, divided by the number of training samples',
  default: 0.1,
  values: positive,
};

export const epsilon: Setting<number> = {
  option: '--epsilon <x>',
  about: 'standard deviation of the initial weights',
  default: 1e-6,
  values: positive,
};

export const zeta: Setting<number> = {
  option: '--zeta <x>',
  about: 'what the one-hot targets are multiplied by',
  default: 0.9,
  values: positive,
};

export const targets: Setting<'01' | 'pm1'> = {
  option: '--targets <kind>',
  about: '0 and ζ, or −ζ and ζ as in 2018',
  default: '01',
  values: oneOf(['01', 'pm1']),
};
