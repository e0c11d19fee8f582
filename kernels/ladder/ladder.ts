/**
 * The ladder: the first layer's sums, s1 = w1 x + b1 without b1, for all samples, each time a step faster. Every rung
 * computes the same numbers up to rounding. docs/engine.md explains them and says what each one gains; measure.mjs
 * runs them. The last two rungs are the kernels themselves.
 *
 * H = 50 units, in 13 vectors of four; D = 784 inputs.
 */
import { dense } from '../dense';
import { gather } from '../gather';

/** As the formula is written: s1[n, h] = Σᵢ w1[h, i] · x[n, i]. */
export function plain(x: usize, samples: u32, inputs: u32, w1: usize, units: u32, s1: usize): void {
  for (let n: u32 = 0; n < samples; n++) {
    for (let h: u32 = 0; h < units; h++) {
      let sum: f32 = 0;
      for (let i: u32 = 0; i < inputs; i++) {
        sum += load<f32>(w1 + 4 * (h * inputs + i)) * load<f32>(x + 4 * (n * inputs + i));
      }
      store<f32>(s1 + 4 * (n * units + h), sum);
    }
  }
}

/** Four units at a time. For that w1 lies transposed: the weights of one input to all units one after the other. */
export function vectors(x: usize, samples: u32, inputs: u32, w1t: usize, width: u32, s1: usize): void {
  const rowBytes: usize = 16 * width;
  for (let n: u32 = 0; n < samples; n++, s1 += rowBytes) {
    for (let at: usize = 0; at < rowBytes; at += 16) v128.store(s1 + at, f32x4.splat(0));
    for (let i: u32 = 0; i < inputs; i++) {
      const input = v128.load32_splat(x + 4 * (n * inputs + i));
      const weights = w1t + i * rowBytes;
      for (let at: usize = 0; at < rowBytes; at += 16) {
        v128.store(s1 + at, f32x4.add(v128.load(s1 + at), f32x4.mul(input, v128.load(weights + at))));
      }
    }
  }
}

/** The sums stay in registers: kernels/dense.ts, two samples by five vectors. It serves data without a background. */
export function registers(x: usize, samples: u32, inputs: u32, w1t: usize, width: u32, s1: usize): void {
  dense(width, x, 4 * inputs, 4, samples, inputs, w1t, s1, 0, 0);
}

/** Only what differs from the background: kernels/gather.ts, a row of sparse inputs at a time. */
export function split(
  starts: usize, samples: u32, tiles: u32, tileBytes: usize, w1t: usize, width: u32, s1: usize,
): void {
  const rowBytes: usize = 16 * width;
  for (let n: u32 = 0; n < samples; n++, s1 += rowBytes) {
    for (let at: usize = 0; at < rowBytes; at += 16) v128.store(s1 + at, f32x4.splat(0));
    for (let tile: u32 = 0; tile < tiles; tile++) {
      gather(width, starts + 4 * (tile * samples + n), 1, w1t + tile * tileBytes, s1 + rowBytes, 1, rowBytes);
    }
  }
}

/** The same tile by tile: all samples meet one slice of w1 before the next, which therefore stays in the first cache. */
export function tiled(
  starts: usize, samples: u32, tiles: u32, tileBytes: usize, w1t: usize, width: u32, s1: usize,
): void {
  const rowBytes: usize = 16 * width;
  for (let at: usize = 0; at < samples * rowBytes; at += 16) v128.store(s1 + at, f32x4.splat(0));
  for (let tile: u32 = 0; tile < tiles; tile++) {
    gather(width, starts + 4 * tile * samples, samples, w1t + tile * tileBytes, s1 + rowBytes, 1, rowBytes);
  }
}
