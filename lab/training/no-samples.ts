import type { Engine, Parameters } from '../../src/engine/engine.ts';
import type { OneHotData } from '../../src/prologue/load-data.ts';
import type { Checkpoint } from '../../src/run/checkpoint.ts';
import { LonghandError, zeros } from '../../src/tensor/index.ts';

/** Data without a single sample, in the place of those that a run was trained on and that are not at hand. */
export function noSamples({ settings, classes, inputShape, normalisation }: Checkpoint): OneHotData {
  const inputs = zeros(0, inputShape[0] * inputShape[1] * inputShape[2]);
  const targets = zeros(0, classes);
  return {
    ...{ trainInput: inputs, trainTarget: targets, testInput: inputs, testTarget: targets },
    ...{ dataset: settings.dataset, source: 'nowhere', inputShape, normalisation, ...normalisation },
  };
}

/** An engine that holds parameters and has nothing to train them on. */
export function idleEngine(parameters: Parameters): Engine {
  const nothing = async (): Promise<never> => {
    throw new LonghandError('there are no samples here');
  };
  return {
    ...{ trainCount: 0, testCount: 0 },
    ...{ step: nothing, gradients: nothing, testErrors: nothing, setParameters: nothing },
    responses: async () => zeros(0, parameters.b2.size(0)),
    parameters: async () => parameters,
    async dispose() {},
  };
}
