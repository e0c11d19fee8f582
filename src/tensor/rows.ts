import { broadcastStrides } from './shape.ts';
import type { Strided } from './strided.ts';

/**
 * Calls `visit` for each row (the last dimension) of `shape`, to which all three broadcast, with the places where the
 * row begins in each and the strides along it. Neighbouring dimensions that all three walk in one stride are one row.
 */
export function eachRow(
  shape: readonly number[],
  x: Strided,
  y: Strided,
  z: Strided,
  visit: (i: number, j: number, k: number, length: number, is: number, js: number, ks: number) => void,
): void {
  const xs = broadcastStrides(x.shape, x.strides, shape);
  const ys = broadcastStrides(y.shape, y.strides, shape);
  const zs = broadcastStrides(z.shape, z.strides, shape);
  let d = shape.length;
  const is = xs[d - 1] ?? 0;
  const js = ys[d - 1] ?? 0;
  const ks = zs[d - 1] ?? 0;
  const joins = (outer: number, length: number) =>
    xs[outer] === is * length && ys[outer] === js * length && zs[outer] === ks * length;
  let length = 1;
  while (d > 0 && (d === shape.length || joins(d - 1, length))) {
    d -= 1;
    length *= shape[d]!;
  }
  if (length === 0 || shape.includes(0)) return;
  const index = new Array<number>(d).fill(0);
  let { offset: i } = x;
  let { offset: j } = y;
  let { offset: k } = z;
  for (;;) {
    visit(i, j, k, length, is, js, ks);
    let outer = d - 1;
    for (; outer >= 0; outer--) {
      i += xs[outer]!;
      j += ys[outer]!;
      k += zs[outer]!;
      index[outer]! += 1;
      if (index[outer]! < shape[outer]!) break;
      i -= xs[outer]! * shape[outer]!;
      j -= ys[outer]! * shape[outer]!;
      k -= zs[outer]! * shape[outer]!;
      index[outer] = 0;
    }
    if (outer < 0) return;
  }
}
