import type { Numbers } from '../training/protocol.ts';
import { factor, figure, plain } from './figures.ts';
import { type Cursor, type FollowedValue, placeOf, values } from './values.ts';
import type { Way } from './way.ts';

/** One of the terms of a sum. */
export interface Term {
  /** `w_1[37,406] · x_0[406]` */
  readonly name: string;
  /** `0.0213 · 2.81` */
  readonly numbers: string;
  readonly value: number;
  /** The weight in it, to be looked at. */
  readonly at?: Partial<Cursor>;
}

/** How one entry of a value comes about, with its numbers, in the notation of `Formula`. */
export interface Arithmetic {
  /** `s_1[37]` */
  readonly entry: string;
  /** What it is equal to, line by line: with names, and then with numbers. */
  readonly lines: readonly string[];
  /** Of a sum its terms, the largest first where not all of them are shown. */
  readonly terms: readonly Term[];
  /** Those that are not shown, added up. */
  readonly rest: { readonly count: number; readonly sum: number } | undefined;
  readonly total: number;
}

/** So many terms of a sum are shown. */
const SHOWN = 6;
/** A sum of so few terms is shown in full. */
const FEW = 10;

/** What the sample's picture was before it was normalised. */
export interface Pixels {
  readonly pixels: Uint8Array;
  readonly normalisation: { readonly mean: number; readonly std: number };
}

/** The entry of a value under the cursor, worked out. */
export function arithmeticOf(
  name: FollowedValue,
  way: Way,
  { w1, b1, w2, b2 }: Numbers,
  cursor: Cursor,
  { pixels, normalisation: { mean, std } }: Pixels,
): Arithmetic {
  const { unit: h, class: c, pixel: i } = cursor;
  const [H, C, D] = [b1.length, b2.length, way.x0.numbers.length];
  const of = (value: keyof Way, place: number): number => way[value].numbers[place]!;
  const { axes } = values[name];
  const total = of(name, placeOf(axes, cursor, { H, D }));
  const worked = (entry: string, ...lines: string[]): Arithmetic => ({
    ...{ entry, lines: [...lines, figure(total)], terms: [], rest: undefined, total },
  });
  const summed = (
    entry: string,
    line: string,
    { count, numberOf, termOf }: Sum,
    bias: readonly Term[] = [],
  ): Arithmetic => {
    const { shown, rest } = largestOf(Float64Array.from({ length: count }, (_, i) => numberOf(i)));
    return { entry, lines: [line], terms: [...shown.map(termOf), ...bias], rest, total };
  };
  const productSum = (
    count: number,
    factorsOf: (i: number) => readonly [number, number],
    nameOf: (i: number) => string,
    atOf: (i: number) => Partial<Cursor>,
  ): Sum => {
    const numberOf = (i: number): number => {
      const [a, b] = factorsOf(i);
      return a * b;
    };
    const termOf = (i: number): Term => {
      const numbers = factorsOf(i).map(number => factor(number));
      return { name: nameOf(i), numbers: numbers.join(' · '), value: numberOf(i), at: atOf(i) };
    };
    return { count, numberOf, termOf };
  };

  switch (name) {
    case 'x0':
      return worked(`x_0[${i}]`, '(pixel − mean) / std', `(${pixels[i]} − ${figure(mean)}) / ${figure(std)}`);
    case 's1': {
      const sum = productSum(
        D,
        i => [w1[h * D + i]!, of('x0', i)],
        i => `w_1[${h},${i}] · x_0[${i}]`,
        i => ({ unit: h, pixel: i }),
      );
      const bias = { name: `b_1[${h}]`, numbers: '', value: b1[h]! };
      return summed(`s_1[${h}]`, `Σ_i w_1[${h},i] · x_0[i] + b_1[${h}]`, sum, [bias]);
    }
    case 's2': {
      const sum = productSum(
        H,
        h => [w2[c * H + h]!, of('x1', h)],
        h => `w_2[${c},${h}] · x_1[${h}]`,
        h => ({ class: c, unit: h }),
      );
      const bias = { name: `b_2[${c}]`, numbers: '', value: b2[c]! };
      return summed(`s_2[${c}]`, `Σ_h w_2[${c},h] · x_1[h] + b_2[${c}]`, sum, [bias]);
    }
    case 'x1':
      return worked(`x_1[${h}]`, `tanh s_1[${h}]`, `tanh ${factor(of('s1', h))}`);
    case 'x2':
      return worked(`x_2[${c}]`, `tanh s_2[${c}]`, `tanh ${factor(of('s2', c))}`);
    case 't':
      return worked(`t[${c}]`);
    case 'loss': {
      const numberOf = (c: number): number => (of('t', c) - of('x2', c)) ** 2;
      const termOf = (c: number): Term => ({
        name: `(t[${c}] − x_2[${c}])^2`,
        numbers: `(${plain(of('t', c))} − ${factor(of('x2', c))})^2`,
        value: numberOf(c),
      });
      return summed('ℓ', 'Σ_c (t[c] − x_2[c])^2', { count: C, numberOf, termOf });
    }
    case 'dl_dx2':
      return worked(`∂ℓ/∂x_2[${c}]`, `2 (x_2[${c}] − t[${c}])`, `2 (${figure(of('x2', c))} − ${wanted(of('t', c))})`);
    case 'dl_ds2':
      return worked(
        `∂ℓ/∂s_2[${c}]`,
        `∂ℓ/∂x_2[${c}] · (1 − tanh^2 s_2[${c}])`,
        `${factor(of('dl_dx2', c))} · (1 − tanh^2 ${factor(of('s2', c))})`,
        `${factor(of('dl_dx2', c))} · ${factor(of('dsigma2', c))}`,
      );
    case 'dl_dx1': {
      const sum = productSum(
        C,
        c => [w2[c * H + h]!, of('dl_ds2', c)],
        c => `w_2[${c},${h}] · ∂ℓ/∂s_2[${c}]`,
        c => ({ class: c, unit: h }),
      );
      return summed(`∂ℓ/∂x_1[${h}]`, `Σ_c w_2[c,${h}] · ∂ℓ/∂s_2[c]`, sum);
    }
    case 'dl_ds1':
      return worked(
        `∂ℓ/∂s_1[${h}]`,
        `∂ℓ/∂x_1[${h}] · (1 − tanh^2 s_1[${h}])`,
        `${factor(of('dl_dx1', h))} · (1 − tanh^2 ${factor(of('s1', h))})`,
        `${factor(of('dl_dx1', h))} · ${factor(of('dsigma1', h))}`,
      );
    case 'dl_dw2':
      return worked(
        `∂ℓ/∂w_2[${c},${h}]`,
        `∂ℓ/∂s_2[${c}] · x_1[${h}]`,
        `${factor(of('dl_ds2', c))} · ${factor(of('x1', h))}`,
      );
    case 'dl_db2':
      return worked(`∂ℓ/∂b_2[${c}]`, `∂ℓ/∂s_2[${c}]`);
    case 'dl_dw1':
      return worked(
        `∂ℓ/∂w_1[${h},${i}]`,
        `∂ℓ/∂s_1[${h}] · x_0[${i}]`,
        `${factor(of('dl_ds1', h))} · ${factor(of('x0', i))}`,
      );
    case 'dl_db1':
      return worked(`∂ℓ/∂b_1[${h}]`, `∂ℓ/∂s_1[${h}]`);
  }
}

const wanted = (t: number): string => (t < 0 ? `(${plain(t)})` : plain(t));

/** Terms that are added up. */
interface Sum {
  readonly count: number;
  readonly numberOf: (i: number) => number;
  readonly termOf: (i: number) => Term;
}

/** All terms where they are few; otherwise the largest, and what the others come to. */
function largestOf(all: Float64Array): { shown: readonly number[]; rest: Arithmetic['rest'] } {
  const places = [...all.keys()];
  if (all.length <= FEW) return { shown: places, rest: undefined };
  places.sort((a, b) => Math.abs(all[b]!) - Math.abs(all[a]!));
  const others = places.slice(SHOWN);
  return {
    shown: places.slice(0, SHOWN),
    rest: { count: others.length, sum: others.reduce((sum, i) => sum + all[i]!, 0) },
  };
}
