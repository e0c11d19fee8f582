import { zerosLike } from '../../src/tensor/index.ts';
import type { Numbers } from '../training/protocol.ts';
import type { Cursor } from './values.ts';
import { type Code, type Given, tensorsOf, vectorOf, type Way } from './way.ts';

export type Parameter = keyof Numbers;

/** A factor on the way back: what it is, in the notation of `Formula`, and its number. */
export interface Factor {
  readonly name: string;
  readonly number: number;
}

/** How the loss of one sample depends on one weight: the chain of slopes from the loss back to it. */
export interface Chain {
  readonly factors: readonly Factor[];
  /** Where the first factor, ∂ℓ/∂x₁, is a sum over the ten ways through the second layer: those, each with its factors. */
  readonly ways: readonly { readonly factors: readonly Factor[]; readonly product: number }[];
  readonly product: number;
}

/** `w_1[37,406]` */
export function nameOf(parameter: Parameter, { unit, class: c, pixel }: Cursor): string {
  return {
    w1: `w_1[${unit},${pixel}]`,
    b1: `b_1[${unit}]`,
    w2: `w_2[${c},${unit}]`,
    b2: `b_2[${c}]`,
  }[parameter];
}

/** The slopes that are multiplied for ∂ℓ/∂w, from the loss back. */
export function chainOf(parameter: Parameter, way: Way, { w2, b1 }: Numbers, cursor: Cursor): Chain {
  const { unit: h, class: c, pixel: i } = cursor;
  const H = b1.length;
  const of = (value: keyof Way, place: number): number => way[value].numbers[place]!;
  const toSum2 = (c: number): Factor[] => [
    { name: `2 (x_2[${c}] − t[${c}])`, number: of('dl_dx2', c) },
    { name: `σ′(s_2[${c}])`, number: of('dsigma2', c) },
  ];
  if (parameter === 'b2') return chain(toSum2(c));
  if (parameter === 'w2') return chain([...toSum2(c), { name: `x_1[${h}]`, number: of('x1', h) }]);
  const ways = Array.from(way.t.numbers, (_, c) => [
    ...toSum2(c),
    { name: `w_2[${c},${h}]`, number: w2[c * H + h]! },
  ]).map(factors => ({ factors, product: productOf(factors) }));
  const toSum1: Factor[] = [
    { name: `∂ℓ/∂x_1[${h}]`, number: of('dl_dx1', h) },
    { name: `σ′(s_1[${h}])`, number: of('dsigma1', h) },
  ];
  return parameter === 'b1'
    ? chain(toSum1, ways)
    : chain([...toSum1, { name: `x_0[${i}]`, number: of('x0', i) }], ways);
}

const chain = (factors: Factor[], ways: Chain['ways'] = []): Chain => ({ factors, ways, product: productOf(factors) });
const productOf = (factors: readonly Factor[]): number => factors.reduce((product, { number }) => product * number, 1);

/** What the loss of one sample is with a weight a little larger and a little smaller, in doubles. */
export interface TwoPoints {
  readonly step: number;
  readonly above: number;
  readonly below: number;
  /** The rise by the run. */
  readonly slope: number;
  /** What the backward pass says. */
  readonly derivative: number;
}

/** Moves one weight a little both ways: the slope by two points, beside the derivative. */
export function twoPointsOf(
  { functions }: Code,
  network: Numbers,
  { x, target }: Given,
  { parameter, place, step = 1e-5 }: { parameter: Parameter; place: number; step?: number },
): TwoPoints {
  const numbers = {
    w1: Float64Array.from(network.w1),
    b1: Float64Array.from(network.b1),
    w2: Float64Array.from(network.w2),
    b2: Float64Array.from(network.b2),
  };
  const { w1, b1, w2, b2 } = tensorsOf(numbers);
  const input = vectorOf(Float64Array.from(x));
  const t = vectorOf(Float64Array.from(target));
  const lossAt = (weight: number): number => {
    numbers[parameter][place] = weight;
    return functions.loss(functions.forwardPass(w1, b1, w2, b2, input)[4], t).item();
  };
  const weight = numbers[parameter][place]!;
  const above = lossAt(weight + step);
  const below = lossAt(weight - step);
  lossAt(weight);

  const sums = { w1: zerosLike(w1), b1: zerosLike(b1), w2: zerosLike(w2), b2: zerosLike(b2) };
  const [, s1, x1, s2, x2] = functions.forwardPass(w1, b1, w2, b2, input);
  functions.backwardPass(w1, b1, w2, b2, t, input, s1, x1, s2, x2, sums.w1, sums.b1, sums.w2, sums.b2);
  const derivative = sums[parameter].elements()[place]!;
  return { step, above, below, slope: (above - below) / (2 * step), derivative };
}
