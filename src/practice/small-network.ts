import { drawnDigits } from '../prologue/drawn/index.ts';
import { Generator, type Tensor, tensor, zeros } from '../tensor/index.ts';

/** A digit and a network that are small enough to be read: everything in two decimals, so that paper is enough. */
export interface SmallNetwork {
  /** 28 × 28 pixels, from 0 (paper) to 255 (ink). */
  readonly image: Uint8Array;
  readonly label: number;
  /** The network's parameters and one sample, in float64: D = 9 inputs, C = 3 classes. */
  readonly w1: Tensor<[number, number]>;
  readonly b1: Tensor<[number]>;
  readonly w2: Tensor<[number, number]>;
  readonly b2: Tensor<[number]>;
  readonly x: Tensor<[number]>;
  readonly t: Tensor<[number]>;
}

/** The digits 0, 1 and 2: three answers stand on a line, ten do not. */
export const CLASSES = 3;
/** The digit as so many times so many averages. */
export const CELLS = 3;

const SIDE = 28;
/** The middle 24 × 24 pixels, in cells of 8 × 8: the rim of a digit is paper. */
const RIM = 2;
const CELL = (SIDE - 2 * RIM) / CELLS;
const ZETA = 0.9;
/** The first three digits are a 2, a 0 and a 1. */
const DIGITS_SEED = 18;
const WEIGHTS_SEED = 10;
const DIGITS_AT_A_TIME = 100;

/**
 * The drawn digit number `sample`, counted among the zeros, ones and twos, shrunk to 3 × 3 averages, and a network for
 * it whose weights are drawn from N(0, 1), always the same.
 */
export function smallNetwork({ sample, hidden }: { sample: number; hidden: number }): SmallNetwork {
  const { image, label } = digit(sample);
  const random = new Generator(WEIGHTS_SEED);
  const drawn = (...shape: number[]): Tensor => {
    const numbers = zeros(shape, { dtype: 'float64' }).normal_(0, 1, random);
    return float64([...numbers.elements()].map(twoDecimals)).view(...shape);
  };
  const w1 = drawn(hidden, CELLS * CELLS) as Tensor<[number, number]>;
  const b1 = drawn(hidden) as Tensor<[number]>;
  const w2 = drawn(CLASSES, hidden) as Tensor<[number, number]>;
  const b2 = drawn(CLASSES) as Tensor<[number]>;
  const t = float64(Array.from({ length: CLASSES }, (_, c) => (c === label ? ZETA : 0)));
  return { image, label, w1, b1, w2, b2, x: float64(cellsOf(image)), t };
}

const float64 = (values: number[]): Tensor<[number]> => tensor(values, { dtype: 'float64' });

function digit(sample: number): { image: Uint8Array; label: number } {
  let seen = 0;
  for (let first = 0; ; first += DIGITS_AT_A_TIME) {
    const { images, labels } = drawnDigits({ count: DIGITS_AT_A_TIME, seed: DIGITS_SEED, first });
    for (const [i, label] of labels.entries()) {
      if (label >= CLASSES || seen++ < sample) continue;
      return { image: images.slice(i * SIDE * SIDE, (i + 1) * SIDE * SIDE), label };
    }
  }
}

/** How much ink is in each cell, from 0 to 1, row by row. */
function cellsOf(image: Uint8Array): number[] {
  const cells: number[] = [];
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      let ink = 0;
      for (let y = 0; y < CELL; y++) {
        for (let x = 0; x < CELL; x++) ink += image[(RIM + row * CELL + y) * SIDE + RIM + column * CELL + x]!;
      }
      cells.push(twoDecimals(ink / (255 * CELL * CELL)));
    }
  }
  return cells;
}

const twoDecimals = (x: number): number => Math.round(100 * x) / 100;
