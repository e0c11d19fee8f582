import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addSettings, asOption, givenSettings } from '../src/cli/options.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../src/run/checkpoint.ts';
import { defaults, runSettingNames, type Settings, settingNames, settings } from '../src/settings/table.ts';
import { madeCheckpoint } from './checkpoints.ts';

// The one table of settings, and those who read it.

const command = (): Command => addSettings(new Command().exitOverride().configureOutput({ writeErr: () => {} }));
const given = (...args: string[]): Partial<Settings> => givenSettings(command().parse(args, { from: 'user' }));

test.each(settingNames)('%s: its default is allowed, and written as it is read', name => {
  const { values, default: value, flags = {} } = settings[name];
  const refuse = (wanted: string): never => {
    throw new Error(wanted);
  };
  for (const one of [value, ...(values.choices ?? []), ...Object.values(flags).map(flag => flag.value)])
    expect(values.read(`${one}`, refuse)).toBe(one);
  expect(() => values.read('', refuse)).toThrow(/^(a (whole )?number|one of )/);
});

test('the help offers every one of them, with its default', () => {
  const help = command().helpInformation().replaceAll(/\s+/g, ' ');
  for (const name of settingNames) {
    const { option, about, flags = {} } = settings[name];
    if (option !== undefined) expect(help).toContain(`${option} ${about}`);
    for (const [flag, { about }] of Object.entries(flags)) expect(help).toContain(`${flag} ${about}`);
  }
  expect(help).toContain('(default: 0.000001)');
  expect(help).toContain('mnist, or drawn where it cannot be had)');
});

test('what is given is known from what is not, also where it is the default', () => {
  expect(given()).toEqual({});
  expect(given('--eta', '0.1', '--cifar', '--full')).toEqual({ eta: 0.1, dataset: 'cifar10', size: 'full' });
  expect(given('--targets', 'pm1', '--tiny', '--dataset', 'kmnist')).toEqual({
    ...{ targets: 'pm1', size: 'tiny', dataset: 'kmnist' },
  });
});

test('a number of samples is a size like the others', () => {
  expect(given('--dataset', 'drawn', '--samples', '5000')).toEqual({ dataset: 'drawn', size: 5000 });
  expect(asOption('size', 5000)).toBe('--samples 5000');
  expect(asOption('size', 'full')).toBe('--full');
  expect(asOption('size', 'reduced')).toBe('neither --full nor --tiny nor --samples');
  expect(asOption('dataset', 'cifar10')).toBe('--dataset cifar10');
});

test.each([
  ['--cifar', '--dataset', 'mnist'],
  ['--full', '--tiny'],
  ['--samples=5', '--tiny'],
  ['--samples', 'tiny'],
  ['--eta', '-1'],
  ['--hidden', '1.5'],
])('%s %s is refused', (...args) => {
  expect(() => given(...args.filter(arg => arg !== undefined))).toThrow();
});

test.each(['full', 5_000_000] as const)(
  'a checkpoint holds every setting that a run must repeat, with the size %s, and gives it back',
  async size => {
    const odd: Settings = { ...defaults, dataset: 'kmnist', size, engine: 'sample', seed: -3, hidden: 4 };
    const { steps: _, ...repeated } = { ...odd, eta: 0.3, epsilon: 0.01, zeta: 0.8, targets: 'pm1' as const };
    const { settings: read } = await decodeCheckpoint(await encodeCheckpoint(madeCheckpoint({ settings: repeated })));
    expect(read).toEqual(repeated);
    expect(Object.keys(read)).toEqual(runSettingNames);
  },
);
