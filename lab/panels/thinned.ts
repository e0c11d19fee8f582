/**
 * Curves of any length in a bounded number of points. As long as there is room every value is a point; then so many
 * neighbours share a bucket, of which each curve keeps the least and the greatest value, in their order: a drawn line
 * looks the same, and adding a value takes no longer however many there were.
 */
export class Thinned {
  /** The curves: `xs` first, then the values of each; NaN and infinities are null, which is a gap. */
  readonly points: [xs: number[], ...curves: (number | null)[][]];
  readonly #most: number;
  /** How many neighbours share two points; 1: each is a point of its own. */
  #stride = 1;
  /** How many values the last bucket holds. */
  #filled = 0;

  constructor(curves: number, mostPoints = 2048) {
    this.points = [[], ...Array.from({ length: curves }, () => [])];
    this.#most = mostPoints;
  }

  clear(): void {
    for (const points of this.points) points.length = 0;
    this.#stride = 1;
    this.#filled = 0;
  }

  /** Adds what comes after all that was added; x grows by 1. */
  add(x: number, values: readonly number[]): void {
    const [xs, ...curves] = this.points;
    if (this.#stride === 1) {
      xs.push(x);
      for (const [i, curve] of curves.entries()) curve.push(drawable(values[i]!));
      if (xs.length >= this.#most) this.#pair();
      return;
    }
    if (this.#filled === this.#stride) {
      if (xs.length + 2 > this.#most) this.#pair();
      if (this.#filled === this.#stride) this.#filled = 0;
    }
    if (this.#filled === 0) {
      xs.push(x, x + this.#stride / 2);
      for (const [i, curve] of curves.entries()) curve.push(drawable(values[i]!), drawable(values[i]!));
    } else
      for (const [i, curve] of curves.entries()) {
        const value = drawable(values[i]!);
        const [first, second] = extremes([curve.at(-2)!, curve.at(-1)!, value]);
        curve[curve.length - 2] = first;
        curve[curve.length - 1] = second;
      }
    this.#filled++;
  }

  /** Half as many points: two neighbouring buckets become one. */
  #pair(): void {
    const [xs, ...curves] = this.points;
    const wasSingle = this.#stride === 1;
    const size = wasSingle ? 2 : 4;
    const count = Math.ceil(xs.length / size);
    const rest = xs.length - (count - 1) * size;
    this.#stride *= 2;
    this.#filled = wasSingle ? rest : rest === size ? this.#stride : this.#stride / 2;
    for (let i = 0; i < count; i++) {
      const x = xs[i * size]!;
      for (const curve of curves) {
        const [first, second] = extremes(curve.slice(i * size, (i + 1) * size));
        curve[2 * i] = first;
        curve[2 * i + 1] = second;
      }
      xs[2 * i] = x;
      xs[2 * i + 1] = x + this.#stride / 2;
    }
    for (const points of this.points) points.length = 2 * count;
  }
}

const drawable = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The least and the greatest of some values, in the order in which they came. */
function extremes(values: readonly (number | null)[]): readonly [number | null, number | null] {
  let least = -1;
  let greatest = -1;
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    if (least < 0 || value < values[least]!) least = i;
    if (greatest < 0 || value > values[greatest]!) greatest = i;
  }
  if (least < 0) return [null, null];
  return [values[Math.min(least, greatest)]!, values[Math.max(least, greatest)]!];
}
