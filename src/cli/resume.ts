import type { Checkpoint } from '../run/checkpoint.ts';
import { LonghandError } from '../tensor/index.ts';
import type { TrainOptions } from './train.ts';

/**
 * The options of a run that goes on: its own settings. `isGiven` says of an option, by its name in `TrainOptions`,
 * whether it was given this time.
 *
 * @throws LonghandError where one was given that is not as the run has it; only `steps` may differ.
 */
export function continued(
  given: TrainOptions,
  { settings, step, steps }: Checkpoint,
  isGiven: (name: string) => boolean,
): TrainOptions {
  const { dataset, size, engine, seed, hidden, eta, epsilon, zeta, targets } = settings;
  const refuse = (own: string, other: string): never => {
    throw new LonghandError(
      `train: the run in ${given.resume} was made with ${own}, not with ${other}. ` +
        'Leave that out to go on with it, or start another run with --out',
    );
  };

  const sizeOptions = { full: '--full', tiny: '--tiny', reduced: 'neither --full nor --tiny' };
  const givenSize = given.full ? 'full' : given.tiny ? 'tiny' : undefined;
  if (givenSize !== undefined && givenSize !== size) refuse(sizeOptions[size], sizeOptions[givenSize]);
  const givenSet = given.cifar ? 'cifar10' : given.dataset;
  if (givenSet !== undefined && givenSet !== dataset) refuse(`--dataset ${dataset}`, `--dataset ${givenSet}`);
  const own = { engine, seed, hidden, eta, epsilon, zeta, targets };
  for (const name of Object.keys(own) as (keyof typeof own)[]) {
    if (isGiven(name) && given[name] !== own[name]) refuse(`--${name} ${own[name]}`, `--${name} ${given[name]}`);
  }
  if (isGiven('steps') && given.steps < step)
    throw new LonghandError(
      `train: the run in ${given.resume} has done ${step} steps already, and --steps is ${given.steps}. ` +
        'Give the number of all steps, those done included',
    );

  const { cifar: _, full, tiny, ...others } = given;
  return {
    ...others,
    ...{ dataset, engine, seed, hidden, eta, epsilon, zeta, targets },
    ...(size === 'reduced' ? {} : { [size]: true }),
    steps: isGiven('steps') ? given.steps : steps,
  };
}
