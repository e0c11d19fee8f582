import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';

/**
 * The colours of weights, from blue (less) over the panel's own ground to orange (more), and of pixels, from paper to
 * ink. The style sheet says which these are; by night they are others.
 */

/** How often the colours have changed: who paints reads it, and so paints again when day becomes night. */
export const palette: Signal<number> = signal(0);

/** Forgets the colours: day became night. */
export function forgetColours(): void {
  weightTable = undefined;
  inkTable = undefined;
  palette.value = palette.peek() + 1;
}

/** Shades on each side of the ground. */
const SHADES = 256;

/** Colours as a picture holds them, a number for the four bytes of a pixel. */
let weightTable: Uint32Array | undefined;
let inkTable: Uint32Array | undefined;

export type Colour = readonly [red: number, green: number, blue: number];

/** A colour of the style sheet, as the browser computes it. */
export function colourOf(name: string): Colour {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  probe.style.setProperty('forced-color-adjust', 'none'); // or every colour is the system's one
  document.body.append(probe);
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return [red, green, blue];
}

/** Colours as a canvas takes them: ink, the card that it stands on, less and more. */
export const inks: ReadonlySignal<Readonly<Record<'ink' | 'card' | 'less' | 'more', string>>> = computed(() => {
  void palette.value;
  const [ink, card, less, more] = ['--ink', '--card', '--less', '--more'].map(
    name => `rgb(${colourOf(name).join(' ')})`,
  );
  return { ink: ink!, card: card!, less: less!, more: more! };
});

/** `count` + 1 colours from one to the other. */
function between(from: Colour, to: Colour, count: number): Uint32Array {
  const bytes = new Uint8ClampedArray(4 * (count + 1)).fill(255);
  for (let i = 0; i <= count; i++)
    for (let channel = 0; channel < 3; channel++)
      bytes[4 * i + channel] = from[channel]! + (i / count) * (to[channel]! - from[channel]!);
  return new Uint32Array(bytes.buffer);
}

function weightShades(): Uint32Array {
  if (weightTable === undefined) {
    const [ground, less, more] = ['--card', '--less', '--more'].map(colourOf) as [Colour, Colour, Colour];
    weightTable = new Uint32Array(2 * SHADES + 1);
    weightTable.set(between(less, ground, SHADES));
    weightTable.set(between(ground, more, SHADES), SHADES);
  }
  return weightTable;
}

/**
 * Paints one unit's weights, full colour from ±`full` on, into a picture that is `width` pixels wide: a 28 × 28 square
 * whose first pixel is `start`. What is no number stays as it was.
 */
export function paintWeights(
  weights: Float32Array,
  full: number,
  pixels: Uint32Array,
  width: number,
  start: number,
): void {
  const shades = weightShades();
  const scale = SHADES / full;
  for (let i = 0, row = start; i < weights.length; row += width)
    for (let column = row; column < row + 28; column++, i++) {
      const shade = Math.round(scale * weights[i]!);
      if (shade <= -SHADES) pixels[column] = shades[0]!;
      else if (shade >= SHADES) pixels[column] = shades[2 * SHADES]!;
      else if (shade === shade) pixels[column] = shades[SHADES + shade]!;
    }
}

/** Paints weights, full colour from ±`full` on, as RGBA into `pixels`. */
export function weightColours(weights: Float32Array, full: number, pixels: Uint8ClampedArray): void {
  paintWeights(weights, full, new Uint32Array(pixels.buffer, pixels.byteOffset, weights.length), 28, 0);
}

/** Paints pixels of a digit, 0 … 255, as RGBA: ink on paper by day, chalk on a board by night. */
export function inkColours(digit: Uint8Array, pixels: Uint8ClampedArray): void {
  inkTable ??= between(colourOf('--sunk'), colourOf('--ink'), 255);
  const painted = new Uint32Array(pixels.buffer, pixels.byteOffset, digit.length);
  for (let i = 0; i < digit.length; i++) painted[i] = inkTable[digit[i]!]!;
}
