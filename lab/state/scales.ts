import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { namedStep, reach } from '../panels/scale.ts';
import { about, moment } from './trainer.ts';
import { hasFixedScale } from './view.ts';

/** The scales on which weights are shown: those of the moment, which grow with it, or the same for the whole run. */

/** What suits the end of a run with the default settings. */
const AT_LEAST = { w1: 0.2, w2: 0.5 } as const;
type Weights = keyof typeof AT_LEAST;

/** One weight in fifty may be beyond the scale: a few large ones would leave the others without colour. */
const BEYOND = 0.02;

/** The weight of w1 from which on its colour is full. */
export const fullW1: ReadonlySignal<number> = computed(() => scaleOf('w1'));

/** The weight of w2 whose bar is full. */
export const fullW2: ReadonlySignal<number> = computed(() => scaleOf('w2'));

/** The scales of the moment that is shown. */
const now: Readonly<Record<Weights, ReadonlySignal<number>>> = {
  w1: computed(() => ofMoment('w1')),
  w2: computed(() => ofMoment('w2')),
};

/** The scales for the whole run: those of its end or, where larger weights were seen, of these. */
export const wholeRun: Readonly<Record<Weights, Signal<number>>> = {
  w1: signal(AT_LEAST.w1),
  w2: signal(AT_LEAST.w2),
};

/** Whether nearly all weights of w1 are too small to have a colour on the scale of the whole run. */
export const isFarBelow: ReadonlySignal<boolean> = computed(() => now.w1.value <= wholeRun.w1.value / 100);

function ofMoment(name: Weights): number {
  return moment.value === undefined ? 1 : namedStep(reach(moment.value.parameters[name], BEYOND));
}

const scaleOf = (name: Weights): number => (hasFixedScale.value ? wholeRun[name] : now[name]).value;

let training = about.peek();
let ofBefore = moment.peek();
effect(() => {
  const [isOther, shown] = [about.value !== training, moment.value];
  if (isOther) [training, ofBefore] = [about.peek(), shown];
  for (const name of ['w1', 'w2'] as const) {
    const before = isOther ? AT_LEAST[name] : wholeRun[name].peek();
    // for an instant the moment is still one of the training before
    wholeRun[name].value = shown === ofBefore ? before : Math.max(before, now[name].value);
  }
});
