import { assign } from './copies.ts';
import { cast } from './dtype.ts';
import { each } from './elementwise.ts';
import { ShapeError } from './errors.ts';
import { wantsFloat, wantsOwnPlaces } from './operands.ts';
import type { Generator } from './random.ts';
import { blank, type Strided } from './strided.ts';

/** Writes `value` everywhere. */
export function fill<T extends Strided>(t: T, value: number): T {
  const written = cast(t.dtype, value);
  if (!t.isContiguous()) return each(() => written, t, t);
  t.data.fill(written, t.offset, t.offset + t.numel());
  return t;
}

/** Writes values of N(mean, std²). */
export function fillNormally<T extends Strided>(t: T, mean: number, std: number, generator: Generator): T {
  if (!(std >= 0)) {
    throw new ShapeError({
      operation: 'normal_',
      came: `a standard deviation of ${std}`,
      wanted: 'it must be 0 or more',
    });
  }
  return fillRandomly('normal_', t, data => generator.fillNormal(data, mean, std));
}

/** Writes uniform values in [from, to). */
export function fillUniformly<T extends Strided>(t: T, from: number, to: number, generator: Generator): T {
  if (!(from <= to)) {
    throw new ShapeError({
      operation: 'uniform_',
      came: `from ${from} to ${to}`,
      wanted: 'the first must not be the larger',
    });
  }
  return fillRandomly('uniform_', t, data => generator.fillUniform(data, from, to));
}

function fillRandomly<T extends Strided>(
  operation: string,
  t: T,
  draw: (data: Float32Array | Float64Array) => void,
): T {
  wantsFloat(operation, t);
  wantsOwnPlaces(operation, t);
  const dense = t.isContiguous() ? t : blank(t, t.shape, t.dtype);
  draw(dense.data.subarray(dense.offset, dense.offset + dense.numel()) as Float32Array | Float64Array);
  if (dense !== t) assign(t, dense);
  return t;
}
