import { encode } from 'fast-png';

/** Random numbers from 0 to 1 that are the same every time (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Placing {
  /** Sides of the picture. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture to a pixel of the digit. */
  readonly scale: number;
  /** Where the digit's 28 × 28 begins. */
  readonly left: number;
  readonly top: number;
  /** The greys of the ground and of the ink. */
  readonly ground: number;
  readonly ink: number;
}

/**
 * Some size from 0.8 to 6.4 times MNIST's own, somewhere in a picture of any format and up to `most` times as long, dark
 * on light or light on dark.
 */
export function anyPlacing(random: () => number, most = 20): Placing {
  const scale = 0.8 * 8 ** random();
  const room = most ** random();
  const side = () => Math.ceil(28 * scale * Math.max(1, room * (0.6 + 0.4 * random())));
  const [width, height] = [side(), side()];
  const contrast = 120 + 135 * random();
  const dark = (255 - contrast) * random();
  const [ground, ink] = random() < 0.5 ? [dark, dark + contrast] : [dark + contrast, dark];
  const left = random() * (width - 28 * scale);
  const top = random() * (height - 28 * scale);
  return { width, height, scale, left, top, ground, ink };
}

/** A digit of MNIST, 28 × 28 bytes, drawn at another size and place: a grey a pixel. Linear between its pixels. */
export function drawnBack(digit: Uint8Array, { width, height, scale, left, top, ground, ink }: Placing): Uint8Array {
  const at = (x: number, y: number) => (x < 0 || y < 0 || x > 27 || y > 27 ? 0 : digit[28 * y + x]! / 255);
  const picture = new Uint8Array(width * height).fill(Math.round(ground));
  const near = (first: number, length: number) =>
    [Math.max(0, Math.floor(first - scale)), Math.min(length, Math.ceil(first + 29 * scale))] as const;
  const [fromX, toX] = near(left, width);
  const [fromY, toY] = near(top, height);
  for (let row = fromY; row < toY; row++) {
    for (let column = fromX; column < toX; column++) {
      const x = (column + 0.5 - left) / scale - 0.5;
      const y = (row + 0.5 - top) / scale - 0.5;
      const [i, j] = [Math.floor(x), Math.floor(y)];
      const [u, v] = [x - i, y - j];
      const upper = at(i, j) * (1 - u) + at(i + 1, j) * u;
      const lower = at(i, j + 1) * (1 - u) + at(i + 1, j + 1) * u;
      picture[row * width + column] = Math.round(ground + (ink - ground) * (upper * (1 - v) + lower * v));
    }
  }
  return picture;
}

export function greyPng(grey: Uint8Array, width: number, height: number): Uint8Array {
  return encode({ width, height, data: grey, channels: 1, depth: 8 });
}
