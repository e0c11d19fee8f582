import { type Tensor, zeros } from '../../../tensor/index.ts';
import type { NetworkDraw } from '../draws.ts';

/** The values on the way, and the sums to which the gradients are added. */
export const valueStages = ['dl_dx2', 'dl_ds2', 'dl_dx1', 'dl_ds1'] as const;
export const sumStages = ['dl_dw2', 'dl_db2', 'dl_dw1', 'dl_db1'] as const;
export type ValueStage = (typeof valueStages)[number];
export type SumStage = (typeof sumStages)[number];
export type Stage = ValueStage | SumStage;

export const backwardStages: readonly (Stage | 'accumulation')[] = [...valueStages, ...sumStages, 'accumulation'];

/** The sums among the arguments. */
export const sumArguments: Readonly<Record<SumStage, number>> = { dl_dw1: 10, dl_db1: 11, dl_dw2: 12, dl_db2: 13 };

/** The stage that each other argument has to do with first. */
export const firstUse: readonly Stage[] = [
  'dl_dw1',
  'dl_db1',
  'dl_dx1',
  'dl_db2',
  'dl_dx2',
  'dl_dw1',
  'dl_ds1',
  'dl_dw2',
  'dl_ds2',
  'dl_dx2',
];

/** What is known where a stage begins, besides the arguments. */
export const before: Readonly<Record<Stage, readonly ValueStage[]>> = {
  dl_dx2: [],
  dl_ds2: ['dl_dx2'],
  dl_dx1: ['dl_dx2', 'dl_ds2'],
  dl_ds1: ['dl_dx2', 'dl_ds2', 'dl_dx1'],
  dl_dw2: valueStages,
  dl_db2: valueStages,
  dl_dw1: valueStages,
  dl_db1: valueStages,
};

/** The value that each stage is made of. */
export const madeOf: Readonly<Record<Stage, ValueStage | null>> = {
  dl_dx2: null,
  dl_ds2: 'dl_dx2',
  dl_dx1: 'dl_ds2',
  dl_ds1: 'dl_dx1',
  dl_dw2: 'dl_ds2',
  dl_db2: 'dl_ds2',
  dl_dw1: 'dl_ds1',
  dl_db1: 'dl_ds1',
};

export type Sums = Readonly<Record<SumStage, Tensor>>;

export function argumentsFor(draw: NetworkDraw, sums: Sums): Tensor[] {
  const { w1, b1, w2, b2, t, x, s1, x1, s2, x2 } = draw;
  return [w1, b1, w2, b2, t, x, s1, x1, s2, x2, sums.dl_dw1, sums.dl_db1, sums.dl_dw2, sums.dl_db2];
}

export function sumsFor(draw: NetworkDraw, make: (shape: readonly number[]) => Tensor): Sums {
  return {
    dl_dw2: make(draw.w2.shape),
    dl_db2: make(draw.b2.shape),
    dl_dw1: make(draw.w1.shape),
    dl_db1: make(draw.b1.shape),
  };
}

/** As a step begins. */
export const atZero = (draw: NetworkDraw): Sums =>
  sumsFor(draw, shape => zeros([...shape], { dtype: 'float64' }) as Tensor);
