/** Where loss and errors stand in one plot: the loss above, on a logarithmic axis, the errors below. */

/**
 * The last step of the plot's axis where `last` was taken and `end` is the training's last: it grows with the training, in
 * round steps, so that the first ones are seen from near, and early, so that there is room beside the curves' ends.
 */
export function axisEnd(first: number, last: number, end: number): number {
  for (let power = 10; ; power *= 10)
    for (const steps of [power, 2 * power, 5 * power]) {
      if (steps < 50 || first + 0.6 * steps < last) continue;
      return Math.min(first + steps, end);
    }
}

/** The lower end of the loss, and the upper end of the errors, as parts of the plot's height. */
const LOSS_FROM = 0.5;
const ERRORS_TO = 0.4;

/** What the axis of log10(loss) spans, so that the loss fills the plot's upper part. */
export function lossRange(least: number, greatest: number): [from: number, to: number] {
  // at least a factor of 16, so that the first steps are not blown up to a fall
  const top = greatest + 0.02;
  const bottom = Math.min(least, top - Math.log10(16));
  return [top - (top - bottom) / (1 - LOSS_FROM), top];
}

/** What the axis of the errors, in percent, spans, so that 0 to 100% fill its lower part. */
export const errorRange: readonly [from: number, to: number] = [-2, 100 / ERRORS_TO];

export const errorTicks: readonly number[] = [0, 50, 100];

/** At most four round losses between two losses, far enough apart to be read. */
export function lossTicks(least: number, greatest: number): number[] {
  const round: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(greatest); power++)
    for (const digit of [1, 2, 5]) {
      const tick = Number(`${digit}e${power}`);
      if (tick >= least && tick <= greatest) round.push(tick);
    }
  const every = Math.ceil(round.length / 4);
  return round.reverse().filter((_, i) => i % every === 0);
}

/** A loss as an axis says it. */
export function tickInWords(loss: number): string {
  return loss >= 1e5 || loss < 1e-3 ? loss.toExponential().replace('e+', 'e') : loss.toLocaleString('en');
}

/** Texts beside each other's heights: those that would overlap move apart, as little as need be. */
export function apart(upper: number, lower: number, distance: number): [upper: number, lower: number] {
  const missing = Math.max(0, distance - (lower - upper));
  return [upper - missing / 2, lower + missing / 2];
}
