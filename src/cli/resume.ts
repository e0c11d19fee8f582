import { type Checkpoint, isOwnData } from '../run/checkpoint.ts';
import { eachSetting, type Settings, settingNames, settings } from '../settings/table.ts';
import { LonghandError } from '../tensor/index.ts';
import { asOption } from './options.ts';

/**
 * The settings of the run in `folder` that goes on: its own, but for those that were given this time and may change.
 *
 * @throws LonghandError where one was given that is not as the run has it and must be, or fewer steps than are done.
 */
export function continued(folder: string, given: Partial<Settings>, checkpoint: Checkpoint): Settings {
  const own = { ...checkpoint.settings, steps: checkpoint.steps };
  if (isOwnData(own.dataset))
    throw new LonghandError(
      `train: the run in ${folder} was trained on data of somebody's own, ${JSON.stringify(own.dataset)}, which no option ` +
        'leads to. Go on with it in TypeScript; `predict` and `export` take it as it is',
    );
  for (const name of settingNames) {
    const value = given[name];
    if (value === undefined || value === own[name] || settings[name].mayChange) continue;
    throw new LonghandError(
      `train: the run in ${folder} was made with ${asOption(name, own[name])}, not with ${asOption(name, value)}. ` +
        'Leave that out to go on with it, or start another run with --out',
    );
  }
  if (given.steps !== undefined && given.steps < checkpoint.step)
    throw new LonghandError(
      `train: the run in ${folder} has done ${checkpoint.step} steps already, and --steps is ${given.steps}. ` +
        'Give the number of all steps, those done included',
    );
  return eachSetting(name => given[name] ?? own[name]);
}
