import { defaults, type SettingName, type Settings, settingNames } from '../settings/table.ts';

/** The values that a sweep takes of each setting: of one that nobody asked about, its default alone. */
export type Choices = { readonly [Name in SettingName]: readonly Settings[Name][] };

/** Every combination of the values that were chosen, each with every seed. */
export interface Grid {
  /** A combination of all settings but the seed, which is the first one here. The later settings change faster. */
  readonly rows: readonly Settings[];
  readonly seeds: readonly number[];
  /** The settings of which there is more than one value, the seed aside. */
  readonly varied: readonly SettingName[];
}

const rowNames = settingNames.filter(name => name !== 'seed');

/** How many runs these choices make. */
export function countOf(choices: Choices): number {
  return settingNames.reduce((count, name) => count * choices[name].length, 1);
}

export function gridOf(choices: Choices): Grid {
  const seeds = choices.seed;
  let rows: Settings[] = [{ ...defaults, seed: seeds[0]! }];
  for (const name of rowNames) rows = rows.flatMap(row => choices[name].map(value => ({ ...row, [name]: value })));
  return { rows, seeds, varied: rowNames.filter(name => choices[name].length > 1) };
}

/** The settings of all runs, row after row and seed after seed within a row. */
export function runsOf({ rows, seeds }: Grid): Settings[] {
  return rows.flatMap(row => seeds.map(seed => ({ ...row, seed })));
}

/**
 * Where a run is saved below the folder of its sweep: `hidden-10_eta-0.05/seed-3`, after all settings that are not as the
 * practical has them, so that it stays the same however many others are swept beside it.
 */
export function folderNameOf(settings: Settings): string {
  const others = rowNames.filter(name => settings[name] !== defaults[name]);
  const row = others.map(name => `${name}-${settings[name]}`).join('_');
  return `${row || 'practical'}/seed-${settings.seed}`;
}

/** The values of these settings in words: `hidden 10, eta 0.05`. */
export function inWords(settings: Settings, names: readonly SettingName[]): string {
  return names.map(name => `${name} ${settings[name]}`).join(', ');
}

/** The practical alone, once. */
export const practicalOnce: Choices = Object.fromEntries(
  settingNames.map(name => [name, [defaults[name]]]),
) as unknown as Choices;
