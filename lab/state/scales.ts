import { computed, type ReadonlySignal } from '@preact/signals';
import { namedStep, reach } from '../panels/scale.ts';
import { moment } from './trainer.ts';
import { hasFixedScale } from './view.ts';

/** The scales on which weights are shown: those of the moment, which grow with it, or the same for the whole run. */

/** What suits the end of the practical's own run. */
export const WHOLE_RUN = { w1: 0.2, w2: 0.5 } as const;

/** One weight in fifty may be beyond the scale: a few large ones would leave the others without colour. */
const BEYOND = 0.02;

/** The weight of w1 from which on its colour is full. */
export const fullW1: ReadonlySignal<number> = computed(() => scaleOf('w1'));

/** The weight of w2 whose bar is full. */
export const fullW2: ReadonlySignal<number> = computed(() => scaleOf('w2'));

function scaleOf(name: 'w1' | 'w2'): number {
  if (hasFixedScale.value) return WHOLE_RUN[name];
  return moment.value === undefined ? 1 : namedStep(reach(moment.value.parameters[name], BEYOND));
}
