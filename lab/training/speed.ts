/** How fast a training is to go. */
export interface Speed {
  /** Infinite: as fast as it goes. */
  readonly stepsPerSecond: number;
  /** Whether that is for the first steps, and later ones go faster and faster. */
  readonly speedsUp: boolean;
}

/** Slow enough for the escape from the plateau to be seen; 1,000 steps take less than half a minute. */
export const plainSpeed: Speed = { stepsPerSecond: 5, speedsUp: true };

/** With the practical's settings the plateau is over by then, and what comes after it is worth a look, too. */
export const STEPS_AT_FIRST = 40;
/** Whoever speeds up takes so many more steps until the speed has doubled. */
export const STEPS_TO_DOUBLE = 60;

/** The speed at which the step after `step` steps is to be taken: it depends on nothing else, so a replay looks the same. */
export function speedAt(step: number, { stepsPerSecond, speedsUp }: Speed): number {
  return speedsUp ? stepsPerSecond * 2 ** (Math.max(0, step - STEPS_AT_FIRST) / STEPS_TO_DOUBLE) : stepsPerSecond;
}
