/**
 * How many of a set's pixels have each of the 256 values. All that is to be known of the whole set follows from that,
 * to the same bits however the set is cut into parts: counts are whole numbers, and the counts of parts add up.
 */
export type PixelCounts = Float64Array;

/** The counts of these pixels, added to those of others where they are given. */
export function countsOf(pixels: Uint8Array, counts: PixelCounts = new Float64Array(256)): PixelCounts {
  for (let i = 0; i < pixels.length; i++) counts[pixels[i]!]!++;
  return counts;
}

/** Mean and unbiased standard deviation of pixels, from whole-number sums: exact but for the last rounding. */
export function statisticsOf(counts: PixelCounts): { mean: number; std: number } {
  let n = 0;
  let sum = 0;
  let squares = 0;
  counts.forEach((count, value) => {
    n += count;
    sum += count * value;
    squares += count * value * value;
  });
  return { mean: sum / n, std: Math.sqrt((squares - (sum / n) * sum) / (n - 1)) };
}

/** What each of the 256 pixel values becomes: subtracted and divided in float32, one after the other, as torch does. */
export function normalisedValues(mean: number, std: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, v) => Math.fround(v - Math.fround(mean)) / Math.fround(std));
}
