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
  const summed = (entry: string, line: string, all: Term[], bias: Term[] = []): Arithmetic => ({
    ...{ entry, lines: [line], total, ...largestOf(all, bias) },
  });

  switch (name) {
    case 'x0':
      return worked(
        `x_0[${i}]`,
        '(pixel − mean) / standard deviation',
        `(${pixels[i]} − ${figure(mean)}) / ${figure(std)}`,
      );
    case 's1':
      return summed(
        `s_1[${h}]`,
        `Σ_i w_1[${h},i] · x_0[i] + b_1[${h}]`,
        Array.from({ length: D }, (_, i) => {
          const [w, x] = [w1[h * D + i]!, of('x0', i)];
          return term(`w_1[${h},${i}] · x_0[${i}]`, [w, x], { unit: h, pixel: i });
        }),
        [{ name: `b_1[${h}]`, numbers: '', value: b1[h]! }],
      );
    case 's2':
      return summed(
        `s_2[${c}]`,
        `Σ_h w_2[${c},h] · x_1[h] + b_2[${c}]`,
        Array.from({ length: H }, (_, h) => {
          const [w, x] = [w2[c * H + h]!, of('x1', h)];
          return term(`w_2[${c},${h}] · x_1[${h}]`, [w, x], { class: c, unit: h });
        }),
        [{ name: `b_2[${c}]`, numbers: '', value: b2[c]! }],
      );
    case 'x1':
      return worked(`x_1[${h}]`, `tanh s_1[${h}]`, `tanh ${factor(of('s1', h))}`);
    case 'x2':
      return worked(`x_2[${c}]`, `tanh s_2[${c}]`, `tanh ${factor(of('s2', c))}`);
    case 't':
      return worked(`t[${c}]`);
    case 'loss':
      return summed(
        'ℓ',
        'Σ_c (t[c] − x_2[c])^2',
        Array.from({ length: C }, (_, c) => ({
          name: `(t[${c}] − x_2[${c}])^2`,
          numbers: `(${plain(of('t', c))} − ${factor(of('x2', c))})^2`,
          value: (of('t', c) - of('x2', c)) ** 2,
        })),
      );
    case 'dl_dx2':
      return worked(`∂ℓ/∂x_2[${c}]`, `2 (x_2[${c}] − t[${c}])`, `2 (${figure(of('x2', c))} − ${wanted(of('t', c))})`);
    case 'dl_ds2':
      return worked(
        `∂ℓ/∂s_2[${c}]`,
        `∂ℓ/∂x_2[${c}] · (1 − tanh^2 s_2[${c}])`,
        `${factor(of('dl_dx2', c))} · (1 − tanh^2 ${factor(of('s2', c))})`,
        `${factor(of('dl_dx2', c))} · ${factor(of('dsigma2', c))}`,
      );
    case 'dl_dx1':
      return summed(
        `∂ℓ/∂x_1[${h}]`,
        `Σ_c w_2[c,${h}] · ∂ℓ/∂s_2[c]`,
        Array.from({ length: C }, (_, c) => {
          const [w, slope] = [w2[c * H + h]!, of('dl_ds2', c)];
          return term(`w_2[${c},${h}] · ∂ℓ/∂s_2[${c}]`, [w, slope], { class: c, unit: h });
        }),
      );
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

const term = (name: string, [a, b]: readonly [number, number], at: Partial<Cursor>): Term => ({
  ...{ name, numbers: `${factor(a)} · ${factor(b)}`, value: a * b, at },
});

/** All terms where they are few; otherwise the largest, and what the others come to. */
function largestOf(all: readonly Term[], bias: readonly Term[]): Pick<Arithmetic, 'terms' | 'rest'> {
  if (all.length <= FEW) return { terms: [...all, ...bias], rest: undefined };
  const sorted = [...all].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const others = sorted.slice(SHOWN);
  const sum = others.reduce((sum, { value }) => sum + value, 0);
  return { terms: [...sorted.slice(0, SHOWN), ...bias], rest: { count: others.length, sum } };
}
