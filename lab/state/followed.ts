import { batch, computed, effect, type ReadonlySignal, type Signal, signal, untracked } from '@preact/signals';
import type { OwnWay } from '../own/own-way.ts';
import { heldAgainst } from '../sample/held-against.ts';
import { ours } from '../sample/ours.ts';
import { type Cursor, values } from '../sample/values.ts';
import { type Way, wayOf } from '../sample/way.ts';
import type { Answers, Moment } from '../training/protocol.ts';
import { about, ask, isPlaying, moment } from './trainer.ts';
import { chosenUnit, followed, followedClass, followedPixel, followedValue, shownStage } from './view.ts';

/** The sample that is followed, and its way through the network at the moment that is shown; idle while nobody looks. */

/** Ten times in a second are as often as numbers can be read. */
const INTERVAL = 100;
/** How often the next step is looked ahead to while it trains. */
const LOOK_AHEAD = 250;

export interface FollowedSample {
  readonly set: 'train' | 'test';
  readonly index: number;
  readonly answer: Answers['sample'];
}
/** Undefined until the trainer has answered. */
export const sample: Signal<FollowedSample | undefined> = signal(undefined);
/** Why there is none. */
export const noSample: Signal<string | undefined> = signal(undefined);

/** The moment that is followed: that which is shown, but not more often than can be read. */
export const seen: Signal<Moment | undefined> = signal(undefined);
let lastSeen = -Infinity;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Where a learner's functions train: the way of the sample as they compute it, at the moment that is seen. */
const theirs: Signal<{ readonly sample: FollowedSample; readonly way: OwnWay } | undefined> = signal(undefined);
/** What stopped them on that way. */
export const failures: ReadonlySignal<readonly string[]> = computed(() =>
  about.value?.own === undefined ? [] : (theirs.value?.way.failures ?? []),
);

function see(): void {
  timer = undefined;
  lastSeen = performance.now();
  if (about.peek()?.own === undefined) seen.value = moment.peek();
  else void follow();
}

let isFollowing = false;

/** Has their functions follow the sample at this moment; both are seen once they have. */
async function follow(): Promise<void> {
  const [training, now, one] = [about.peek(), moment.peek(), sample.peek()];
  if (isFollowing || now === undefined || one === undefined) return;
  isFollowing = true;
  try {
    const { x, target } = one.answer;
    const way = await ask({ about: 'own way', network: now.parameters, x, target });
    if (about.peek() === training)
      batch(() => {
        seen.value = now;
        theirs.value = { sample: one, way };
      });
  } catch (error) {
    if (about.peek() === training) noSample.value = (error as Error).message;
  } finally {
    isFollowing = false;
  }
  const isOld = moment.peek() !== now || sample.peek() !== one || about.peek() !== training;
  if (isOld && shownStage.peek() === 'sample' && timer === undefined) timer = setTimeout(see, INTERVAL);
}

effect(() => {
  if (shownStage.value !== 'sample' || moment.value === undefined) return;
  const wait = lastSeen + INTERVAL - performance.now();
  if (wait <= 0) see();
  else if (timer === undefined) timer = setTimeout(see, wait);
});

/** How many samples there are in the set. */
export const countOf = (set: 'train' | 'test'): number =>
  (set === 'train' ? about.value?.trainCount : about.value?.test.labels.length) ?? 0;

// another sample: their functions follow that one
effect(() => {
  if (sample.value !== undefined && about.value?.own !== undefined && shownStage.value === 'sample') untracked(follow);
});
effect(() => {
  if (about.value !== undefined) theirs.value = undefined;
});

effect(() => {
  const { set, index } = followed.value;
  const training = about.value;
  if (shownStage.value !== 'sample' || training === undefined) return;
  const count = countOf(set);
  if (count === 0) {
    batch(() => {
      sample.value = undefined;
      noSample.value = 'The samples that this network was trained on are not at hand, so none can be followed.';
    });
    return;
  }
  const there = Math.max(0, Math.min(index, count - 1));
  const isWanted = () => about.peek() === training && followed.peek().set === set && followed.peek().index === index;
  ask({ about: 'sample', set, index: there }).then(
    answer => {
      if (!isWanted()) return;
      batch(() => {
        sample.value = { set, index: there, answer };
        noSample.value = undefined;
      });
    },
    (error: Error) => {
      if (isWanted()) noSample.value = error.message;
    },
  );
});

/** The way of the sample at that moment. */
export const way: ReadonlySignal<Way | undefined> = computed(() => {
  if (seen.value === undefined || sample.value === undefined) return undefined;
  if (about.value?.own === undefined) return wayOf(ours, seen.value.parameters, sample.value.answer);
  if (theirs.value === undefined) return undefined;
  return heldAgainst(theirs.value.way, seen.value.parameters, theirs.value.sample.answer);
});

/** What is chosen along each axis, as far as it is there. */
export const cursor: ReadonlySignal<Cursor> = computed(() => {
  const lastOf = (length: number | undefined) => Math.max(0, (length ?? 1) - 1);
  return {
    unit: Math.min(chosenUnit.value, lastOf(seen.value?.parameters.b1.length)),
    class: Math.min(followedClass.value ?? sample.value?.answer.label ?? 0, lastOf(seen.value?.parameters.b2.length)),
    pixel: Math.min(followedPixel.value, lastOf(sample.value?.answer.x.length)),
  };
});

export function choose(at: Partial<Cursor>): void {
  batch(() => {
    if (at.unit !== undefined) chosenUnit.value = at.unit;
    if (at.class !== undefined) followedClass.value = at.class;
    if (at.pixel !== undefined) followedPixel.value = at.pixel;
  });
}

/** One step: the moment before it, the gradients' sums that it takes, and the parameters after it. */
export interface OneStep {
  readonly before: Moment;
  readonly taken: Answers['next step'];
}
/**
 * The step after the moment that is seen, or after the last one that could be looked ahead from: at full speed a moment
 * is gone before the trainer is asked. Undefined where none was looked ahead from yet.
 */
export const nextStep: Signal<OneStep | undefined> = signal(undefined);
let isLooking = false;

const isLookedAhead = (): boolean => nextStep.value?.before.step === seen.value?.step;
const isLookWanted = (): boolean => shownStage.value === 'sample' && values[followedValue.value].way === 'sums';

function lookAhead(): void {
  if (isLooking) return;
  isLooking = true;
  const training = about.peek();
  const done = (taken?: Answers['next step']) => {
    isLooking = false;
    if (about.peek() !== training) return lookAheadIfWanted();
    const before = seen.peek();
    if (taken !== undefined && before?.step === taken.step) nextStep.value = { before, taken };
    else if (taken !== undefined) setTimeout(lookAheadIfWanted, isPlaying.peek() ? LOOK_AHEAD : 0);
  };
  ask({ about: 'next step' }).then(done, () => done());
}

const lookAheadIfWanted = (): void =>
  untracked(() => {
    if (isLookWanted() && !isLookedAhead()) lookAhead();
  });

effect(() => {
  if (about.value !== undefined) nextStep.value = undefined;
});
effect(() => {
  if (isLookWanted() && seen.value !== undefined && !isLookedAhead()) lookAhead();
});
