/** What is said of numbers that differ by their seed. */
export interface Statistics {
  readonly count: number;
  readonly mean: number;
  /** The standard deviation, of a sample (divided by n − 1); NaN of a single number. */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Undefined where there is no number. The sums run in the order of the numbers and count from the first: so the deviation
 * of equal ones is 0, and not what rounding leaves of it.
 */
export function statisticsOf(values: readonly number[]): Statistics | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const first = values[0]!;
  const mean = first + values.reduce((sum, x) => sum + (x - first), 0) / count;
  const squares = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  const deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : NaN;
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  return { count, mean, deviation, least, most };
}

/** The value below which this share of them lies, between two of them where it falls there: the median at 0.5. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
