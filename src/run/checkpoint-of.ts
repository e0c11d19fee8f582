import type { Training } from '../story.ts';
import { defaultGenerator } from '../tensor/index.ts';
import type { Checkpoint } from './checkpoint.ts';

/** The checkpoint of a training after `step` steps, of whose data `dataDigest` is the digest. */
export async function checkpointOf(
  { settings: { steps, ...settings }, data, engine }: Training,
  step: number,
  dataDigest: string,
): Promise<Checkpoint> {
  return {
    ...{ step, steps, settings, dataDigest },
    inputShape: data.inputShape,
    classes: data.testTarget.size(1),
    normalisation: data.normalisation,
    generator: defaultGenerator.getState(),
    parameters: await engine.parameters(),
  };
}
