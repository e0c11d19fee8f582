import { dloss, dsigma, forwardPass } from '../../practical.ts';
import { Generator, Tensor, zeros } from '../../tensor/index.ts';
import type { FormulaStage } from './formulas.ts';

/** One sample, a network, and everything that the practical makes of them, in float64. */
export type NetworkDraw = Readonly<Record<NetworkName, Tensor>>;
export type NetworkName =
  | 'w1'
  | 'b1'
  | 'w2'
  | 'b2'
  | 'x'
  | 't'
  | Exclude<FormulaStage, 'sigma' | 'dsigma' | 'loss' | 'dloss'>;

/** All that a judge draws, from one seed. */
export class Draws {
  readonly #generator: Generator;

  constructor(seed: number) {
    this.#generator = new Generator(seed);
  }

  /** Values of N(0, std²), float64. */
  normal(shape: readonly number[], std = 1): Tensor {
    return zeros([...shape], { dtype: 'float64' }).normal_(0, std, this.#generator) as Tensor;
  }

  /** The same for many values: a prime number of them, over and over, so that no two rows are alike. */
  many(shape: readonly number[], std = 1): Tensor {
    const few = this.normal([997], std).elements();
    const all = new Float64Array(shape.reduce((count, length) => count * length, 1));
    for (let i = 0; i < all.length; i++) all[i] = few[i % few.length]!;
    return new Tensor(all, [...shape], 'float64');
  }

  /** From `least` on, `count` lengths of which no two are the same: no transpose goes unseen, and nothing broadcasts. */
  lengths(count: number, least = 2, most = 9): number[] {
    const lengths = new Set<number>();
    while (lengths.size < count) lengths.add(least + this.below(most - least + 1));
    return [...lengths];
  }

  /** A whole number from 0 to n − 1. */
  below(n: number): number {
    return this.#generator.word() % n;
  }

  /** A network whose pre-activations are of order 1, where tanh neither saturates nor is straight. */
  network([inputs, hidden, classes]: readonly number[]): NetworkDraw {
    const w1 = this.many([hidden!, inputs!], 1 / Math.sqrt(inputs!));
    const w2 = this.normal([classes!, hidden!], 1 / Math.sqrt(hidden!));
    return this.sample({ w1, b1: this.normal([hidden!], 0.5), w2, b2: this.normal([classes!], 0.5) });
  }

  /** Another sample for the same network. */
  sample({ w1, b1, w2, b2 }: Pick<NetworkDraw, 'w1' | 'b1' | 'w2' | 'b2'>): NetworkDraw {
    const x = this.normal([w1.shape[1]!]) as Tensor<[number]>;
    const t = this.normal([w2.shape[0]!]) as Tensor<[number]>;
    const weights = [w1, b1, w2, b2] as unknown as [Matrix, Vector, Matrix, Vector];
    const [, s1, x1, s2, x2] = forwardPass(...weights, x);
    const dl_dx2 = dloss(x2, t);
    const dl_ds2 = dl_dx2.mul(dsigma(s2));
    const dl_dx1 = weights[2].t().mv(dl_ds2);
    const dl_ds1 = dl_dx1.mul(dsigma(s1));
    const gradients = { dl_dw2: dl_ds2.outer(x1), dl_db2: dl_ds2, dl_dw1: dl_ds1.outer(x), dl_db1: dl_ds1 };
    const all = { w1, b1, w2, b2, x, t, s1, x1, s2, x2, dl_dx2, dl_ds2, dl_dx1, dl_ds1, ...gradients };
    return all as unknown as NetworkDraw;
  }
}

type Matrix = Tensor<[number, number]>;
type Vector = Tensor<[number]>;
