import { aboutEngine, type EngineName, engineNames } from '../engine/engines.ts';
import { type DataSetName, dataSetNames, drawnCounts, firstSamples } from '../prologue/load-data.ts';
import { epsilon, eta, hidden, type Setting, seed, steps, targets, zeta } from './training.ts';
import { oneOf, whole } from './values.ts';

/**
 * How much of the data set is used: all, the first 1,000 and 1,000 samples, or 500 and 100. Of drawn digits, which have no
 * end, also a number of them to train on.
 */
export type SetSize = 'full' | 'reduced' | 'tiny' | number;

const dataset: Setting<DataSetName> = {
  option: '--dataset <name>',
  about: 'what to train on',
  default: 'mnist',
  defaultInWords: 'mnist, or drawn where it cannot be had',
  values: oneOf(dataSetNames),
  flags: { '--cifar': { value: 'cifar10', about: 'short for --dataset cifar10' } },
};

/** How many samples that is, of a set that has as many as MNIST. */
export function samplesOf(size: SetSize): { readonly train: number; readonly test: number } {
  return typeof size === 'number' ? drawnCounts(size) : { full: drawnCounts(), ...firstSamples }[size];
}

const parts = oneOf(['full', 'reduced', 'tiny']);
/** As many as there are of one seed. */
const digits = whole(1, 2 ** 32);

const size: Setting<SetSize> = {
  option: '--samples <n>',
  about: 'draw so many digits to train on, millions if you like, and up to 10,000 to test on; with --dataset drawn',
  default: 'reduced',
  defaultInWords: '1,000',
  values: {
    choices: parts.choices!,
    read: (text, refuse): SetSize =>
      /^\d/.test(text) ? digits.read(text, refuse) : parts.read(text, what => refuse(`${what} or a number of digits`)),
  },
  optionValues: digits,
  flags: {
    '--full': { value: 'full', about: 'all samples: 60,000 to train, 10,000 to test' },
    '--tiny': { value: 'tiny', about: '500 samples to train, 100 to test (default: 1,000 and 1,000)' },
  },
};

const engine: Setting<EngineName> = {
  option: '--engine <name>',
  about: `what computes the sums: ${engineNames.map(aboutEngine).join(', or ')}`,
  default: 'wasm',
  values: oneOf(engineNames),
};

/**
 * Everything that a training is a function of, beside the samples themselves. What changes no bit of the result, such as
 * the number of threads, is no setting.
 */
export interface Settings {
  readonly dataset: DataSetName;
  readonly size: SetSize;
  readonly engine: EngineName;
  /** Negative: the generator is not seeded. */
  readonly seed: number;
  readonly steps: number;
  readonly hidden: number;
  readonly eta: number;
  readonly epsilon: number;
  readonly zeta: number;
  readonly targets: '01' | 'pm1';
}

/** Whether a data set has so many samples: only digits that are drawn can be had in any number. */
export function goTogether({ dataset, size }: Pick<Settings, 'dataset' | 'size'>): boolean {
  return dataset === 'drawn' || typeof size !== 'number';
}

export type SettingName = keyof Settings;

/**
 * The one table of settings: the command line, checkpoints, forms and sweeps read it. Whoever adds a setting adds it here
 * and uses it where it matters. Checkpoints hold the settings in this order.
 */
export const settings: { readonly [Name in SettingName]: Setting<Settings[Name]> } = {
  ...{ dataset, size, engine },
  ...{ seed, steps, hidden, eta, epsilon, zeta, targets },
};

export const settingNames: readonly SettingName[] = Object.keys(settings) as SettingName[];

/** What a run must be gone on with: all settings but those that may change. */
export interface RunSettings extends Omit<Settings, 'steps' | 'dataset'> {
  /** One of Longhand's data sets; or the name of others, which somebody trained on in TypeScript. */
  readonly dataset: string;
}

export const runSettingNames: readonly (keyof RunSettings)[] = settingNames.filter(name => name !== 'steps');

/** Each setting's value, made by its name: TypeScript cannot follow that each is of its own type. */
export function eachSetting(value: (name: SettingName) => string | number): Settings {
  return Object.fromEntries(settingNames.map(name => [name, value(name)])) as unknown as Settings;
}

/** The practical's own. */
export const defaults: Settings = eachSetting(name => settings[name].default);
