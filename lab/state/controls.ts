import { type Signal, signal } from '@preact/signals';
import type { SettingName } from '../../src/settings/table.ts';

/** What a teacher may switch off for a class, in the order of the page; the words say it to a teacher. */
export const controls = {
  play: 'Play, step and reset',
  speed: 'Speed',
  display: 'Large and dark display',
  runs: 'Open and save',
  share: 'Share',
  units: 'The hidden units',
  sample: 'Follow one sample',
  draw: 'Draw a digit',
  write: 'Write it yourself',
  curves: 'Loss and errors',
  confusion: 'What is taken for what',
  mistakes: 'Its mistakes',
  mathematics: 'The mathematics',
  settings: 'All settings',
  whose: 'Whose functions',
  dataset: 'Data',
  size: 'Samples',
  hidden: 'Hidden units',
  eta: 'Step size η',
  epsilon: 'First weights ε',
  zeta: 'Target ζ',
  steps: 'Steps',
  seed: 'Seed',
  targets: 'Other digits’ target',
  engine: 'Computed by',
  timeline: 'Back in time',
} as const satisfies Readonly<Record<string, string>> & Readonly<Record<SettingName, string>>;

export type Control = keyof typeof controls;

export const controlNames: readonly Control[] = Object.keys(controls) as Control[];

/** Those that are switched off. */
export const hiddenControls: Signal<ReadonlySet<Control>> = signal(new Set());

/** Whether a control is to be seen. */
export const shows = (control: Control): boolean => !hiddenControls.value.has(control);
