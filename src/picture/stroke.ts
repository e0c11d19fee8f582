import type { Ink } from './ink.ts';

/** In pixels of MNIST's box. Its own strokes are wider, but for a few. */
const LEAST_WIDTH = 1.7;

/**
 * The ink with strokes as wide as a felt pen makes them, where they are thinner: scaled down to MNIST's box, whose
 * longer side is `box` pixels long, those of a ball pen would be mere threads.
 */
export function withWideStrokes(ink: Ink, longerSide: number, box: number): Ink {
  const least = (LEAST_WIDTH * longerSide) / box;
  const missing = (least - strokeWidth(ink)) / 2;
  return missing < 0.5 ? ink : dilated(ink, missing);
}

/** A stroke has two edges: its width is twice the area divided by the pixels on the edge. */
function strokeWidth({ width, height, values }: Ink): number {
  let area = 0;
  let edge = 0;
  const isInk = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && values[y * width + x]! > 0.5;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isInk(x, y)) continue;
      area++;
      if (!(isInk(x - 1, y) && isInk(x + 1, y) && isInk(x, y - 1) && isInk(x, y + 1))) edge++;
    }
  }
  return (2 * area) / Math.max(1, edge);
}

/** Each pixel as full as the fullest within this distance, on a sheet that much larger on all sides. */
function dilated({ width, height, values }: Ink, radius: number): Ink {
  const margin = Math.ceil(radius);
  const [w, h] = [width + 2 * margin, height + 2 * margin];
  const wide = new Float32Array(w * h);
  for (let p = 0; p < values.length; p++) {
    const value = values[p]!;
    if (value === 0) continue;
    const [x, y] = [(p % width) + margin, Math.floor(p / width) + margin];
    for (let j = -Math.floor(radius); j <= radius; j++) {
      const reach = Math.floor(Math.sqrt(Math.max(0, radius * radius - j * j)));
      for (let at = (y + j) * w + x - reach; at <= (y + j) * w + x + reach; at++) {
        if (wide[at]! < value) wide[at] = value;
      }
    }
  }
  return { width: w, height: h, values: wide };
}
