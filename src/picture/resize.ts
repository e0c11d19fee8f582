import type { Ink } from './ink.ts';

/**
 * Resamples to another size, along the rows and then along the columns, with a triangle: linear between neighbours
 * where the picture grows, and where it shrinks a weighted mean over all that falls on a pixel, so that no thin stroke
 * is lost.
 */
export function resized({ width, height, values }: Ink, newWidth: number, newHeight: number): Float32Array {
  const narrowed = transposed(eachRowResized(values, width, newWidth), newWidth);
  return transposed(eachRowResized(narrowed, height, newHeight), newHeight);
}

function eachRowResized(values: Float32Array, length: number, newLength: number): Float32Array {
  const rows = values.length / length;
  const scale = length / newLength;
  const reach = Math.max(1, scale);
  const result = new Float32Array(rows * newLength);
  for (let i = 0; i < newLength; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach));
    const last = Math.min(length - 1, Math.ceil(centre + reach));
    const weights: number[] = [];
    for (let k = first; k <= last; k++) weights.push(Math.max(0, 1 - Math.abs(k + 0.5 - centre) / reach));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (const [k, weight] of weights.entries()) sum += weight * values[row * length + first + k]!;
      result[row * newLength + i] = sum / total;
    }
  }
  return result;
}

function transposed(values: Float32Array, width: number): Float32Array {
  const height = values.length / width;
  return values.map((_, p) => values[(p % height) * width + Math.floor(p / height)]!);
}
