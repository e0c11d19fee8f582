import type { Problem } from './engine/engine.ts';
import type { OneHotData } from './prologue/index.ts';
import { targets as targetsSetting, zeta as zetaSetting } from './settings/training.ts';
import type { Tensor } from './tensor/index.ts';

export interface TargetOptions {
  /** What the one-hot targets are multiplied by, so that tanh can reach them; 0.9 unless asked otherwise. */
  readonly zeta?: number;
  /** `01`, unless asked otherwise: 0 and ζ. `pm1`: −ζ and ζ, as the practical had it in 2018. */
  readonly targets?: '01' | 'pm1';
}

/** What an engine is given, from what `loadData({ oneHotLabels: true })` returns. */
export function problemOf<D extends number>(
  data: OneHotData<D>,
  { zeta = zetaSetting.default, targets = targetsSetting.default }: TargetOptions = {},
): Problem<D> {
  const scaled = (oneHot: Tensor<[number, number]>): Tensor<[number, number]> =>
    (targets === '01' ? oneHot : oneHot.mul(2).sub(1)).mul(zeta);
  return {
    trainInput: data.trainInput,
    trainTarget: scaled(data.trainTarget),
    testInput: data.testInput,
    testTarget: scaled(data.testTarget),
    errorBelow: targets === '01' ? 0.5 : 0,
  };
}
