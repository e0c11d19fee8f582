import type { FollowedStage } from '../../src/practice/follow.ts';

/** A value on the way of a sample, forward and back. `dsigma2` is σ′(s₂), `dsigma1` σ′(s₁). */
export type ValueName = FollowedStage | 'x0' | 't';
/** Those of them that are looked at by themselves. */
export type FollowedValue = Exclude<ValueName, 'dsigma1' | 'dsigma2'>;

/** What the entries of a value belong to. */
export type Axes = 'pixel' | 'unit' | 'class' | 'unit × pixel' | 'class × unit' | 'none';

export interface AboutValue {
  readonly symbol: string;
  /** How it is computed, in the notation of `Formula`: `_` begins an index below, `^` one above. */
  readonly formula: string;
  /** The same for one who listens. */
  readonly spoken: string;
  readonly axes: Axes;
  readonly way: 'forward' | 'back' | 'sums';
  /** What it is, in a sentence. */
  readonly tells: string;
}

/** The values in the order in which they are computed. */
export const values: Readonly<Record<FollowedValue, AboutValue>> = {
  x0: {
    symbol: 'x_0',
    formula: 'x_0 = x',
    spoken: 'x 0, the sample',
    axes: 'pixel',
    way: 'forward',
    tells:
      'The picture, a number a pixel: shifted and scaled so that all training pixels together have mean 0 and standard deviation 1. Paper is a little below 0, ink far above.',
  },
  s1: {
    symbol: 's_1',
    formula: 's_1 = w_1 x_0 + b_1',
    spoken: 's 1 is w 1 times x 0, plus b 1',
    axes: 'unit',
    way: 'forward',
    tells: 'Every hidden unit multiplies each pixel by a weight of its own, adds all of that up, and adds its bias.',
  },
  x1: {
    symbol: 'x_1',
    formula: 'x_1 = tanh s_1',
    spoken: 'x 1 is tanh of s 1',
    axes: 'unit',
    way: 'forward',
    tells: 'What the hidden units answer, each between −1 and 1.',
  },
  s2: {
    symbol: 's_2',
    formula: 's_2 = w_2 x_1 + b_2',
    spoken: 's 2 is w 2 times x 1, plus b 2',
    axes: 'class',
    way: 'forward',
    tells: 'The same once more, from the units’ answers to the ten digits: what speaks for and against each.',
  },
  x2: {
    symbol: 'x_2',
    formula: 'x_2 = tanh s_2',
    spoken: 'x 2 is tanh of s 2',
    axes: 'class',
    way: 'forward',
    tells: 'The network’s answer. The largest of the ten is the digit that it reads.',
  },
  t: {
    symbol: 't',
    formula: 't',
    spoken: 't, the target',
    axes: 'class',
    way: 'forward',
    tells: 'What the answer should be.',
  },
  loss: {
    symbol: 'ℓ',
    formula: 'ℓ = ‖t − x_2‖^2',
    spoken: 'the loss is the squared length of t minus x 2',
    axes: 'none',
    way: 'forward',
    tells:
      'How wrong the answer is, in one number: the squares of the ten differences, added up. The curve of the loss adds up this number of all training samples.',
  },
  dl_dx2: {
    symbol: '∂ℓ/∂x_2',
    formula: '∂ℓ/∂x_2 = 2 (x_2 − t)',
    spoken: 'the gradient of the loss by x 2 is 2 times x 2 minus t',
    axes: 'class',
    way: 'back',
    tells:
      'How the loss would change if one answer became a little larger: more where the answer is too large already, less where it is too small.',
  },
  dl_ds2: {
    symbol: '∂ℓ/∂s_2',
    formula: '∂ℓ/∂s_2 = ∂ℓ/∂x_2 ⊙ σ′(s_2)',
    spoken: 'the gradient by s 2 is the gradient by x 2 times the slope of tanh at s 2, class by class',
    axes: 'class',
    way: 'back',
    tells:
      'Back through tanh: each slope is multiplied by that of tanh at s2, which is 1 in the middle and almost 0 where tanh is flat.',
  },
  dl_dx1: {
    symbol: '∂ℓ/∂x_1',
    formula: '∂ℓ/∂x_1 = w_2^T ∂ℓ/∂s_2',
    spoken: 'the gradient by x 1 is w 2 transposed times the gradient by s 2',
    axes: 'unit',
    way: 'back',
    tells:
      'A hidden unit drives all ten sums, so it answers for all ten: their slopes, each by the weight that leads there, are added up.',
  },
  dl_ds1: {
    symbol: '∂ℓ/∂s_1',
    formula: '∂ℓ/∂s_1 = ∂ℓ/∂x_1 ⊙ σ′(s_1)',
    spoken: 'the gradient by s 1 is the gradient by x 1 times the slope of tanh at s 1, unit by unit',
    axes: 'unit',
    way: 'back',
    tells:
      'Back through tanh once more. Where a unit is saturated the slope is almost 0, and almost nothing comes through.',
  },
  dl_dw2: {
    symbol: '∂ℓ/∂w_2',
    formula: '∂ℓ/∂w_2 = ∂ℓ/∂s_2 x_1^T',
    spoken: 'the gradient by w 2 is the gradient by s 2 times x 1 transposed',
    axes: 'class × unit',
    way: 'sums',
    tells:
      'The slope of each weight of the second layer: that of the sum it stands in, times the answer that it is multiplied with. This sample adds it to the sum over all.',
  },
  dl_db2: {
    symbol: '∂ℓ/∂b_2',
    formula: '∂ℓ/∂b_2 = ∂ℓ/∂s_2',
    spoken: 'the gradient by b 2 is the gradient by s 2',
    axes: 'class',
    way: 'sums',
    tells: 'A bias moves its sum by as much as it moves itself, so it has the slope of the sum.',
  },
  dl_dw1: {
    symbol: '∂ℓ/∂w_1',
    formula: '∂ℓ/∂w_1 = ∂ℓ/∂s_1 x_0^T',
    spoken: 'the gradient by w 1 is the gradient by s 1 times x 0 transposed',
    axes: 'unit × pixel',
    way: 'sums',
    tells:
      'The slope of each weight of the first layer: that of its unit’s sum, times its pixel. For every unit it is the picture itself, once more or less strong.',
  },
  dl_db1: {
    symbol: '∂ℓ/∂b_1',
    formula: '∂ℓ/∂b_1 = ∂ℓ/∂s_1',
    spoken: 'the gradient by b 1 is the gradient by s 1',
    axes: 'unit',
    way: 'sums',
    tells: 'A bias moves its sum by as much as it moves itself, so it has the slope of the sum.',
  },
};

export const order: readonly FollowedValue[] = Object.keys(values) as FollowedValue[];

/** What is chosen along each axis. It stays when another value is looked at: one unit is followed all the way. */
export interface Cursor {
  readonly unit: number;
  readonly class: number;
  readonly pixel: number;
}

/** The place of the chosen entry among a value's numbers. H hidden units, D pixels. */
export function placeOf(axes: Axes, cursor: Cursor, { H, D }: { H: number; D: number }): number {
  switch (axes) {
    case 'pixel':
      return cursor.pixel;
    case 'unit':
      return cursor.unit;
    case 'class':
      return cursor.class;
    case 'unit × pixel':
      return cursor.unit * D + cursor.pixel;
    case 'class × unit':
      return cursor.class * H + cursor.unit;
    case 'none':
      return 0;
  }
}
