import type { LargeProblem, Parameters, Problem } from './engine/engine.ts';
import { type OwnData, ownData } from './own-data.ts';
import type { Network } from './predict/network.ts';
import type { OneHotData } from './prologue/index.ts';
import type { LargeData } from './prologue/large-data.ts';
import type { RunSettings } from './settings/table.ts';
import { targets as targetsSetting, zeta as zetaSetting } from './settings/training.ts';
import { type Tensor, tensor } from './tensor/index.ts';

export interface TargetOptions {
  /** What the one-hot targets are multiplied by, so that tanh can reach them; 0.9 unless asked otherwise. */
  readonly zeta?: number;
  /** `01`, unless asked otherwise: 0 and ζ. `pm1`: −ζ and ζ, as the practical had it in 2018. */
  readonly targets?: '01' | 'pm1';
}

/** A trained network, and what is known of its training. What is saved is one, and so is a checkpoint. */
export interface TrainedNetwork extends Network {
  /** What it was trained on, and how, as far as that is known. */
  readonly settings: Partial<RunSettings> & Pick<RunSettings, 'dataset'>;
  /** The gradient steps that it was trained for, where that is known. */
  readonly step?: number | undefined;
}

/** A problem that remembers how its samples were made ready: what a network that is trained on them must know. */
export interface PreparedProblem<D extends number = number> extends Problem<D> {
  readonly about: Omit<TrainedNetwork, 'parameters' | 'step'>;
}

/**
 * What an engine is given, from what `loadData({ oneHotLabels: true })` returns, or from samples of your own with the
 * class of each:
 *
 *     const problem = problemOf({ name: 'xor', inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], labels: [0, 1, 1, 0], test: 0.25 });
 *
 * @throws LonghandError where such samples, labels and options do not go together.
 */
export function problemOf<D extends number>(data: OneHotData<D>, options?: TargetOptions): PreparedProblem<D>;
export function problemOf(data: OwnData, options?: TargetOptions): PreparedProblem;
export function problemOf(
  given: OneHotData | OwnData,
  { zeta = zetaSetting.default, targets = targetsSetting.default }: TargetOptions = {},
): PreparedProblem {
  const data = 'inputs' in given ? ownData(given) : given;
  const scaled = scaling(zeta, targets);
  const { inputShape, normalisation, dataset } = data;
  return {
    trainInput: data.trainInput,
    trainTarget: scaled(data.trainTarget),
    testInput: data.testInput,
    testTarget: scaled(data.testTarget),
    errorBelow: errorBelow(targets),
    about: { inputShape, normalisation, classes: data.trainTarget.size(1), settings: { dataset, zeta, targets } },
  };
}

/** What becomes of one-hot targets, 1 and 0. */
function scaling(zeta: number, targets: '01' | 'pm1'): (oneHot: Tensor<[number, number]>) => Tensor<[number, number]> {
  return oneHot => (targets === '01' ? oneHot : oneHot.mul(2).sub(1)).mul(zeta);
}

/** Halfway between the two. */
const errorBelow = (targets: '01' | 'pm1'): number => (targets === '01' ? 0.5 : 0);

/** The same of drawn digits that are too many for tensors. */
export function largeProblemOf(
  { trainInput, trainTarget, testInput, testTarget, digits }: LargeData,
  { zeta, targets }: Required<TargetOptions>,
): LargeProblem {
  const scaled = scaling(zeta, targets);
  const [at, elsewhere] = scaled(tensor([[1, 0]])).tolist()[0] as [number, number];
  return {
    trainInput,
    trainTarget: digits.train.targets(trainTarget.shape[1], at, elsewhere),
    testInput,
    testTarget: scaled(testTarget),
    errorBelow: errorBelow(targets),
  };
}

/**
 * The network that a training has come to, to be used and saved:
 *
 *     const network = networkOf(problem, await engine.parameters());
 */
export function networkOf({ about }: PreparedProblem, parameters: Parameters): TrainedNetwork {
  return { ...about, parameters };
}
