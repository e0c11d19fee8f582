import { computed, type ReadonlySignal } from '@preact/signals';
import { confusionOf } from '../panels/confused.ts';
import { about, moment } from './trainer.ts';

/** What the test samples are taken for at the moment that is shown. */
export interface Readings {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly said: Uint8Array;
  readonly classes: number;
}

/** Undefined where the samples are not at hand, or not yet. */
export const readings: ReadonlySignal<Readings | undefined> = computed(() => {
  const [known, shown] = [about.value, moment.value];
  if (known === undefined || shown === undefined || shown.said.length === 0) return undefined;
  // for an instant a moment may be of the training before
  if (shown.said.length !== known.test.labels.length) return undefined;
  return { ...known.test, said: shown.said, classes: known.classes };
});

/** How many of each class (rows) were taken for each class (columns), row by row. */
export const confusion: ReadonlySignal<Uint32Array | undefined> = computed(() =>
  readings.value === undefined
    ? undefined
    : confusionOf(readings.value.labels, readings.value.said, readings.value.classes),
);
