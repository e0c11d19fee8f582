/** The speeds of the slider, in steps a second: from one step in two seconds to as fast as it goes. */
export const speeds: readonly number[] = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, Infinity];

/** Where the slider stands for a speed: at the nearest one. */
export function placeOf(stepsPerSecond: number): number {
  const distance = (speed: number) => Math.abs(Math.log(Math.min(speed, 1e6) / Math.min(stepsPerSecond, 1e6)));
  return speeds.reduce((best, speed, i) => (distance(speed) < distance(speeds[best]!) ? i : best), 0);
}

export function speedInWords(stepsPerSecond: number): string {
  if (stepsPerSecond === Infinity) return 'as fast as it goes';
  if (stepsPerSecond < 1) return `a step in ${1 / stepsPerSecond} seconds`;
  return stepsPerSecond === 1 ? 'a step a second' : `${stepsPerSecond.toLocaleString('en')} steps a second`;
}
