import type { Line } from '../../src/practice/follow.ts';
import type { Practical } from '../../src/six-functions.ts';
import { Tensor, zerosLike } from '../../src/tensor/index.ts';
import type { Numbers } from '../training/protocol.ts';
import type { ValueName } from './values.ts';

/** One value on the way of a sample: its numbers, row by row, and the lines that made them. */
export interface Value {
  readonly shape: readonly number[];
  readonly numbers: ArrayLike<number>;
  readonly lines: readonly Line[];
  /** Of a value that a learner's functions have computed, how it compares with the formula. */
  readonly own?: {
    /** As the code calls it. */
    readonly name: string;
    /** The entries that are not what the formula gives, and what it gives. */
    readonly differs: readonly number[];
    readonly expected: ArrayLike<number>;
    /** Why the formula's numbers stand here in place of theirs. */
    readonly says: string | undefined;
  };
}

/** Everything that comes about where one sample goes through a network and back. */
export type Way = Readonly<Record<ValueName, Value>>;

/** The six functions that compute it, and where the lines of each value stand. */
export interface Code {
  readonly functions: Practical;
  readonly lines: Readonly<Record<ValueName, readonly Line[]>>;
}

/** A sample as the network sees it, and its target. */
export interface Given {
  readonly x: Float32Array | Float64Array;
  readonly target: Float32Array | Float64Array;
}

type Matrix = Tensor<[number, number]>;
type Vector = Tensor<[number]>;

/** The network's four parameters, as tensors that look into these numbers. */
export function tensorsOf({ w1, b1, w2, b2 }: NumbersOf): { w1: Matrix; b1: Vector; w2: Matrix; b2: Vector } {
  const [H, C] = [b1.length, b2.length];
  const dtype = w1 instanceof Float64Array ? 'float64' : 'float32';
  return {
    w1: new Tensor<[number, number]>(w1, [H, w1.length / H], dtype),
    b1: new Tensor<[number]>(b1, [H], dtype),
    w2: new Tensor<[number, number]>(w2, [C, H], dtype),
    b2: new Tensor<[number]>(b2, [C], dtype),
  };
}

export type NumbersOf = Numbers | { readonly [K in keyof Numbers]: Float64Array };

export const vectorOf = (numbers: Float32Array | Float64Array): Vector =>
  new Tensor<[number]>(numbers, [numbers.length], numbers instanceof Float64Array ? 'float64' : 'float32');

/**
 * Follows a sample through a network and back, by the six functions, in the precision of the training. Undefined where
 * sample and network do not fit each other, as for a moment while another training begins.
 */
export function wayOf({ functions, lines }: Code, network: NumbersOf, { x, target }: Given): Way | undefined {
  const { w1, b1, w2, b2 } = tensorsOf(network);
  if (w1.size(1) !== x.length || b2.numel() !== target.length) return undefined;
  const input = vectorOf(x);
  const t = vectorOf(target);

  const [x0, s1, x1, s2, x2] = functions.forwardPass(w1, b1, w2, b2, input);
  const loss = functions.loss(x2, t);
  const [dlDw1, dlDb1, dlDw2, dlDb2] = [zerosLike(w1), zerosLike(b1), zerosLike(w2), zerosLike(b2)];
  functions.backwardPass(w1, b1, w2, b2, t, input, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2);
  // what the backward pass keeps to itself: its own lines, once more, from where its sums tell of them
  const dlDx2 = functions.dloss(x2, t);
  const dlDs2 = dlDb2;
  const dlDx1 = w2.t().mv(dlDs2);
  const dlDs1 = dlDb1;

  const value = (name: ValueName, tensor: Vector | Matrix | Tensor<[]>): Value => ({
    shape: tensor.shape,
    numbers: tensor.elements() as Float32Array | Float64Array,
    lines: lines[name],
  });
  return {
    x0: value('x0', x0),
    s1: value('s1', s1),
    x1: value('x1', x1),
    s2: value('s2', s2),
    x2: value('x2', x2),
    t: value('t', t),
    loss: value('loss', loss),
    dl_dx2: value('dl_dx2', dlDx2),
    dsigma2: value('dsigma2', functions.dsigma(s2)),
    dl_ds2: value('dl_ds2', dlDs2),
    dl_dx1: value('dl_dx1', dlDx1),
    dsigma1: value('dsigma1', functions.dsigma(s1)),
    dl_ds1: value('dl_ds1', dlDs1),
    dl_dw2: value('dl_dw2', dlDw2),
    dl_db2: value('dl_db2', dlDb2),
    dl_dw1: value('dl_dw1', dlDw1),
    dl_db1: value('dl_db1', dlDb1),
  };
}
