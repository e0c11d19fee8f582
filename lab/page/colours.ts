/**
 * The colours of weights, from blue (less) over the panel's own ground to orange (more), in 256 shades each way. The
 * style sheet says which blue and which orange; by night they are others.
 */
let table: Uint8ClampedArray<ArrayBuffer> = new Uint8ClampedArray(0);

const SHADES = 256;

function readTable(): Uint8ClampedArray<ArrayBuffer> {
  const [ground, less, more] = ['--card', '--less', '--more'].map(colourOf) as [Colour, Colour, Colour];
  const made = new Uint8ClampedArray(4 * (2 * SHADES + 1));
  for (let shade = -SHADES; shade <= SHADES; shade++) {
    const full = shade < 0 ? less : more;
    const strength = Math.abs(shade) / SHADES;
    for (let channel = 0; channel < 3; channel++)
      made[4 * (shade + SHADES) + channel] = ground[channel]! + strength * (full[channel]! - ground[channel]!);
    made[4 * (shade + SHADES) + 3] = 255;
  }
  return made;
}

export type Colour = readonly [red: number, green: number, blue: number];

/** A colour of the style sheet, as the browser computes it. */
export function colourOf(name: string): Colour {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return [red, green, blue];
}

/** Forgets the colours: day became night. */
export function forgetColours(): void {
  table = new Uint8ClampedArray(0);
}

/** Paints weights, full colour from ±`full` on, as RGBA into `pixels`. */
export function weightColours(weights: Float32Array, full: number, pixels: Uint8ClampedArray): void {
  if (table.length === 0) table = readTable();
  for (const [i, weight] of weights.entries()) {
    const shade = Math.max(-SHADES, Math.min(SHADES, Math.round((SHADES * weight) / full)));
    pixels.set(table.subarray(4 * (shade + SHADES), 4 * (shade + SHADES) + 4), 4 * i);
  }
}
