import { type Command, InvalidArgumentError, Option } from 'commander';
import { defaults, type SettingName, settingNames, settings } from '../../settings/table.ts';
import type { Values } from '../../settings/values.ts';
import type { Choices } from '../../sweep/grid.ts';
import { nameOf } from '../options.ts';

/** Nobody means more: a range with a digit too many. */
const MOST_VALUES = 100_000;

/**
 * Reads a list of such values, `10,50,200`, in which `0..99` stands for the whole numbers from 0 to 99. What comes twice
 * is meant once.
 */
export function readList<T extends string | number>(values: Values<T>, text: string): T[] {
  const read = (part: string): T =>
    values.read(part, wanted => {
      throw new InvalidArgumentError(`${part.trim() === text.trim() ? 'It' : `'${part.trim()}'`} wants ${wanted}.`);
    });
  const list = text.split(',').flatMap(part => {
    if (!part.includes('..')) return [read(part)];
    const [, from, to] = /^\s*(-?\d{1,15})\.\.(-?\d{1,15})\s*$/.exec(part) ?? [];
    const count = Number(to) - Number(from) + 1;
    if (!(count >= 1))
      throw new InvalidArgumentError(
        `'${part.trim()}' is no range: that goes from a whole number to a larger one, as 0..99 does. Other values are ` +
          'listed: 0.05,0.1.',
      );
    if (count > MOST_VALUES)
      throw new InvalidArgumentError(`'${part.trim()}' are ${count} values; ${MOST_VALUES} is the most.`);
    return Array.from({ length: count }, (_, i) => read(`${Number(from) + i}`));
  });
  return [...new Set(list)];
}

/** For an option that takes such a list, and may be given several times. */
export function readingList<T extends string | number>(values: Values<T>): (text: string, before?: T[]) => T[] {
  return (text, before = []) => [...new Set([...before, ...readList(values, text)])];
}

/** Gives a command the options of all settings, each of which takes a list of values. */
export function addSettingLists(command: Command): Command {
  for (const name of settingNames) {
    const { option, about, defaultInWords = `${defaults[name]}`, flags = {}, ...setting } = settings[name];
    const values: Values<string | number> = setting.optionValues ?? setting.values;
    if (option !== undefined) {
      const choices = values.choices === undefined ? '' : ` (choices: ${values.choices.join(', ')})`;
      const added = new Option(option.replace('>', ',…>'), `${about} (default: ${defaultInWords})${choices}`);
      command.addOption(added.argParser(readingList(values)));
    }
    for (const [flag, { about }] of Object.entries(flags)) command.option(flag, about);
  }
  return command;
}

/** The values that were asked for; a flag, such as `--tiny`, adds its own. */
export function givenLists(command: Command): Partial<Choices> {
  const given: Partial<Record<SettingName, (string | number)[]>> = {};
  for (const name of settingNames) {
    const { option, flags = {} } = settings[name];
    const list: (string | number)[] = [...((option && command.getOptionValue(nameOf(option))) ?? [])];
    for (const [flag, { value }] of Object.entries(flags)) {
      if (command.getOptionValue(nameOf(flag)) === true && !list.includes(value)) list.push(value);
    }
    if (list.length > 0) given[name] = list;
  }
  return given as Partial<Choices>;
}
