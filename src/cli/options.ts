import { type Command, InvalidArgumentError, Option } from 'commander';
import { goTogether, type SettingName, type Settings, settingNames, settings } from '../settings/table.ts';
import type { Values } from '../settings/values.ts';

/** Reads the value of an option: says what is wanted where it is none, and commander says what came. */
export function reading<T extends string | number>(values: Values<T>): (text: string) => T {
  return text =>
    values.read(text, wanted => {
      throw new InvalidArgumentError(`It wants ${wanted}.`);
    });
}

/** Gives a command the options of all settings. Of a setting's options only one can be given. */
export function addSettings(command: Command): Command {
  for (const name of settingNames) {
    const { option, about, default: value, defaultInWords, flags = {}, ...setting } = settings[name];
    const values: Values<string | number> = setting.optionValues ?? setting.values;
    const flagNames = Object.keys(flags).map(nameOf);
    if (option !== undefined) {
      const added = new Option(option, about).default(value, defaultInWords).conflicts(flagNames);
      if (values.choices === undefined) added.argParser(reading(values));
      else added.choices(values.choices.map(String));
      command.addOption(added);
    }
    for (const [flag, { about }] of Object.entries(flags)) {
      const all = option === undefined ? flagNames : [nameOf(option), ...flagNames];
      const others = all.filter(other => other !== nameOf(flag));
      command.addOption(new Option(flag, about).conflicts(others));
    }
  }
  return command;
}

/** The settings that were given on the command line, and no others. */
export function givenSettings(command: Command): Partial<Settings> {
  const isGiven = (option: string) => command.getOptionValueSource(option) === 'cli';
  const given: Partial<Record<SettingName, string | number>> = {};
  for (const name of settingNames) {
    const { option, flags = {} } = settings[name];
    if (option !== undefined && isGiven(nameOf(option))) given[name] = command.getOptionValue(nameOf(option));
    for (const [flag, { value }] of Object.entries(flags)) {
      if (isGiven(nameOf(flag))) given[name] = value;
    }
  }
  return given as Partial<Settings>;
}

/** Ends a command whose data set does not have as many samples as it asks for. */
export function mustGoTogether(choice: Pick<Settings, 'dataset' | 'size'>, command: Command): void {
  if (goTogether(choice)) return;
  command.error('error: --samples is a number of digits to draw; give --dataset drawn too, or leave it out');
}

/** A setting's value as the command line asks for it. */
export function asOption(name: SettingName, value: string | number): string {
  const { option, optionValues, flags = {} } = settings[name];
  if (option !== undefined && (optionValues === undefined || typeof value === 'number'))
    return `--${nameOf(option)} ${value}`;
  const flag = Object.entries(flags).find(([, stands]) => stands.value === value);
  if (flag !== undefined) return flag[0];
  return `neither ${[...Object.keys(flags), ...(option === undefined ? [] : [`--${nameOf(option)}`])].join(' nor ')}`;
}

/** `seed` of `--seed <n>`, `full` of `--full`. */
export const nameOf = (option: string): string => option.slice('--'.length).split(' ')[0]!;
