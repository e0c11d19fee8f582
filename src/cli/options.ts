import { type Command, InvalidArgumentError, Option } from 'commander';
import { type SettingName, type Settings, settingNames, settings } from '../settings/table.ts';
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
    const { option, about, values, default: value, defaultInWords, flags = {} } = settings[name];
    const flagNames = Object.keys(flags).map(nameOf);
    if (option !== undefined) {
      const added = new Option(option, about).default(value, defaultInWords).conflicts(flagNames);
      if (values.choices === undefined) added.argParser(reading<string | number>(values));
      else added.choices(values.choices.map(String));
      command.addOption(added);
    }
    for (const [flag, { about }] of Object.entries(flags)) {
      const others = [name, ...flagNames].filter(other => other !== nameOf(flag));
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
    if (isGiven(name)) given[name] = command.getOptionValue(name);
    for (const [flag, { value }] of Object.entries(settings[name].flags ?? {})) {
      if (isGiven(nameOf(flag))) given[name] = value;
    }
  }
  return given as Partial<Settings>;
}

/** A setting's value as the command line asks for it. */
export function asOption(name: SettingName, value: string | number): string {
  const { option, flags = {} } = settings[name];
  if (option !== undefined) return `--${name} ${value}`;
  const flag = Object.entries(flags).find(([, stands]) => stands.value === value);
  return flag?.[0] ?? `neither ${Object.keys(flags).join(' nor ')}`;
}

const nameOf = (flag: string): string => flag.slice('--'.length);
