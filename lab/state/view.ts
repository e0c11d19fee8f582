import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { FollowedValue } from '../sample/values.ts';
import { shows } from './controls.ts';

/** What somebody looks at: nothing of it changes the training. */

/** What stands in the middle of the page. */
export const stageNames = ['units', 'sample', 'draw', 'write'] as const;
export type Stage = (typeof stageNames)[number];
export const stage: Signal<Stage> = signal('units');
/** The one that is wished for or, where a teacher has switched it off, the first that is there. */
export const shownStage: ReadonlySignal<Stage | undefined> = computed(() => {
  const stages = stageNames.filter(shows);
  return stages.includes(stage.value) ? stage.value : stages[0];
});

/** Large letters and strong contrast, for a projector at the back of a room. */
export const isLarge: Signal<boolean> = signal(false);

/** The hidden unit under the pointer or, where there is none, the one that was chosen. */
export const pointedUnit: Signal<number | undefined> = signal(undefined);
export const chosenUnit: Signal<number> = signal(0);
/** Whether weights are shown on one scale for the whole run, in place of one that grows with them. */
export const hasFixedScale: Signal<boolean> = signal(false);

/** The cell of the confusion matrix whose digits are shown: all mistakes where there is none. */
export const chosenCell: Signal<{ readonly label: number; readonly said: number } | undefined> = signal(undefined);

/** The sample that is followed through the network. */
export const followed: Signal<{ readonly set: 'train' | 'test'; readonly index: number }> = signal({
  set: 'train',
  index: 0,
});
/** The value on its way that is looked at. */
export const followedValue: Signal<FollowedValue> = signal('s1');
/** The class (unless one is chosen, the right one) and the pixel that are looked at on the way; the unit is the chosen one. */
export const followedClass: Signal<number | undefined> = signal(undefined);
export const followedPixel: Signal<number> = signal(406);
/** Set by a door to the value that is open: it is to be seen, and whoever came by the keyboard goes on there. */
export const sight: Signal<{ readonly focus: boolean } | undefined> = signal(undefined);
