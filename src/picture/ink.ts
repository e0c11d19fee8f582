import { type Picture, PictureError } from './picture.ts';

/** How much ink there is at each pixel, row by row: 0 on the ground, 1 where the stroke is strongest. */
export interface Ink {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** A grey, 0 … 255, for each pixel, row by row. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
}

/** How much of red, green and blue there is in a grey. */
type Weights = readonly [red: number, green: number, blue: number];

/** Those of ITU-R BT.601. */
const LUMA: Weights = [0.299, 0.587, 0.114];

/** A picture in grey, over a ground of that grey where it is transparent. */
export function greyOf({ width, height, data }: Picture, ground: number, [red, green, blue]: Weights = LUMA): Grey {
  const grey = new Uint8Array(width * height);
  for (let p = 0; p < grey.length; p++) {
    const alpha = data[4 * p + 3]! / 255;
    const shade = red * data[4 * p]! + green * data[4 * p + 1]! + blue * data[4 * p + 2]!;
    grey[p] = Math.round(alpha * shade + (1 - alpha) * ground);
  }
  return { width, height, values: grey };
}

/** Means over squares so large that no side is left longer than this: less noise, and less to go through. */
const LONGEST_SIDE = 256;
/** A difference in grey, of 255, below which nothing counts as drawn. */
const LEAST_CONTRAST = 12;
/** What is weaker than this part of the strongest ink is none, nor what is weaker than this many deviations of the ground. */
const FAINT = 0.1;
const DEVIATIONS = 4;
/** Greys darker than this are taken for it where the light is judged by them: nothing can be divided by black. */
const LEAST_LIGHT = 20;

/**
 * Separates what is drawn from what it is drawn on. The ground is what the picture's border shows, lighter or darker
 * than the ink; it may grow darker from one side to the other, as on a photograph, to a quarter of its light.
 *
 * @throws PictureError where nothing is drawn.
 */
export function inkOf(grey: Grey): Ink {
  const small = reduced(grey);
  const { level, deviation } = groundOf(small);
  const differences = small.values.map((v, p) => v - level[p]!);
  // the ink is on whichever side of the ground the picture goes further
  const lighter = differences.reduce((most, d) => Math.max(most, d), 0);
  const darker = differences.reduce((most, d) => Math.max(most, -d), 0);
  if (Math.max(lighter, darker) < LEAST_CONTRAST) throw nothingDrawn();
  const sign = lighter > darker ? 1 : -1;
  const least = DEVIATIONS * deviation;
  // ink takes a part of the light that falls on it: where the ground is darker, the same ink differs less from it
  const values = differences.map((d, p) => (sign * d > least ? (sign * d) / Math.max(LEAST_LIGHT, level[p]!) : 0));
  const strongest = values.reduce((most, v) => Math.max(most, v), 0);
  const drawn = values.map(v => (v > FAINT * strongest ? v : 0));
  if (strongest === 0) throw nothingDrawn();
  // the strongest twentieth of the ink is full ink: a single bright pixel is to make no difference
  const full = percentile(
    drawn.filter(v => v > 0),
    0.95,
  );
  return { width: small.width, height: small.height, values: drawn.map(v => Math.min(1, v / full)) };
}

const nothingDrawn = () => new PictureError('nothing is drawn in it: it has one shade');

function reduced({ width, height, values: grey }: Grey): Ink {
  const factor = Math.ceil(Math.max(width, height) / LONGEST_SIDE);
  if (factor === 1) return { width, height, values: Float32Array.from(grey) };
  const [w, h] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const values = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let sum = 0;
      let count = 0;
      for (let j = y * factor; j < Math.min(height, (y + 1) * factor); j++) {
        for (let i = x * factor; i < Math.min(width, (x + 1) * factor); i++) {
          sum += grey[j * width + i]!;
          count++;
        }
      }
      values[y * w + x] = sum / count;
    }
  }
  return { width: w, height: h, values };
}

/** Fewer pixels of ground than this part of the picture say nothing about its slope. */
const LEAST_GROUND = 0.3;
/** Greys closer than this to the ground's may belong to it. */
const NEAR = 4;

/**
 * The grey of the ground at each pixel, a plane a + b x + c y, and how far the ground strays from it: fitted to the
 * pixels near where the border says that the ground is, then again to those near the plane.
 */
function groundOf(picture: Ink): { level: Float32Array; deviation: number } {
  const { width, height, values } = picture;
  const level = levelOfBorder(picture);
  const furthest = values.reduce((most, v, p) => Math.max(most, Math.abs(v - level[p]!)), 0);
  let near = Math.max(NEAR, furthest / 4);
  let deviation = 0;
  for (let round = 0; round < 4; round++) {
    const isGround = values.map((v, p) => (Math.abs(v - level[p]!) <= near ? 1 : 0));
    const count = isGround.reduce((sum, one) => sum + one, 0);
    if (count >= LEAST_GROUND * values.length) level.set(planeThrough(values, isGround, width, height));
    const squares = isGround.reduce((sum, one, p) => sum + one * (values[p]! - level[p]!) ** 2, 0);
    deviation = Math.sqrt(squares / Math.max(1, count));
    near = Math.min(near, Math.max(NEAR, 3 * deviation));
  }
  return { level, deviation };
}

/**
 * Where the ground is by the border alone, which the digit may touch: at its median, or where light from one side
 * explains it much better, on the plane that goes through the medians of the four sides.
 */
function levelOfBorder({ width, height, values }: Ink): Float32Array {
  const onBorder = (_: number, p: number) => isBorder(p % width, Math.floor(p / width), width, height);
  const medianWhere = (is: (x: number, y: number) => boolean) =>
    medianOf(values.filter((_, p) => is(p % width, Math.floor(p / width))));
  const b = (medianWhere(x => x === width - 1) - medianWhere(x => x === 0)) / 2;
  const c = (medianWhere((_, y) => y === height - 1) - medianWhere((_, y) => y === 0)) / 2;
  const slope = values.map((_, p) => b * fromMiddle(p % width, width) + c * fromMiddle(Math.floor(p / width), height));
  const a = medianOf(values.map((v, p) => v - slope[p]!).filter(onBorder));
  const plane = slope.map(s => a + s);
  const flat = new Float32Array(values.length).fill(medianOf(values.filter(onBorder)));
  const distance = (level: Float32Array) =>
    values.reduce((sum, v, p) => sum + (onBorder(v, p) ? Math.abs(v - level[p]!) : 0), 0);
  return distance(plane) < distance(flat) / 2 ? plane : flat;
}

/** A column or a row as a number from −1 to 1. */
const fromMiddle = (i: number, length: number): number => (2 * i + 1) / length - 1;

function isBorder(x: number, y: number, width: number, height: number): boolean {
  return x === 0 || y === 0 || x === width - 1 || y === height - 1;
}

/** The plane nearest in least squares to the values that count, by the normal equations of three unknowns. */
function planeThrough(values: Float32Array, counts: Float32Array, width: number, height: number): Float32Array {
  let [n, sx, sy, sv, sxx, sxy, syy, sxv, syv] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let p = 0; p < values.length; p++) {
    if (counts[p] === 0) continue;
    const [x, y, v] = [fromMiddle(p % width, width), fromMiddle(Math.floor(p / width), height), values[p]!];
    n++;
    sx += x;
    sy += y;
    sv += v;
    sxx += x * x;
    sxy += x * y;
    syy += y * y;
    sxv += x * v;
    syv += y * v;
  }
  // in deviations from the means
  const [cxx, cxy, cyy] = [sxx - (sx * sx) / n, sxy - (sx * sy) / n, syy - (sy * sy) / n];
  const [cxv, cyv] = [sxv - (sx * sv) / n, syv - (sy * sv) / n];
  const determinant = cxx * cyy - cxy * cxy;
  // pixels that lie on a line, or nearly, say nothing about the slope across it
  const isFlat = !(determinant > 1e-6 * n * n);
  const b = isFlat ? 0 : (cxv * cyy - cyv * cxy) / determinant;
  const c = isFlat ? 0 : (cyv * cxx - cxv * cxy) / determinant;
  const a = (sv - b * sx - c * sy) / n;
  return values.map((_, p) => a + b * fromMiddle(p % width, width) + c * fromMiddle(Math.floor(p / width), height));
}

const medianOf = (values: Float32Array): number => percentile(values, 0.5);

/** The value that this part of the others does not exceed. */
function percentile(values: Float32Array, part: number): number {
  return values.toSorted()[Math.floor(part * (values.length - 1))] ?? 0;
}
