import { type Signal, signal } from '@preact/signals';

/** What somebody looks at: nothing of it changes the training. */

/** What stands in the middle of the page. */
export const stageNames = ['units', 'sample', 'draw'] as const;
export type Stage = (typeof stageNames)[number];
export const stage: Signal<Stage> = signal('units');

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
export type FollowedValue = 's1' | 'x1' | 's2' | 'x2' | 'dl_ds2' | 'dl_dx1' | 'dl_ds1' | 'dl_dw1' | 'dl_dw2';
export const followedValue: Signal<FollowedValue> = signal('s1');
