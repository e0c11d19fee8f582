import { ShapeError } from './errors.ts';

const dtypes = ['bool', 'int64', 'float32', 'float64'] as const; // each can hold what those before it hold

/** The type of a tensor's elements: float32 unless asked otherwise, int64 for labels and indices, bool for comparisons. */
export type DType = (typeof dtypes)[number];

export function wantsDType(operation: string, dtype: DType): void {
  if (dtypes.includes(dtype)) return;
  throw new ShapeError({
    operation,
    came: `no tensor is of type ${dtype}`,
    wanted: `take one of float32, float64, int64, bool`,
  });
}

export function isFloat(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/** The type itself, or float32 for whole numbers and bools: in which a function from floats to floats is computed. */
export function floatOf(dtype: DType): DType {
  return isFloat(dtype) ? dtype : 'float32';
}

/** The one of two types that can hold both. */
export function wider(a: DType, b: DType): DType {
  return dtypes.indexOf(a) >= dtypes.indexOf(b) ? a : b;
}

/** A value as storage of this type takes it; the typed arrays round floats themselves. */
export function cast(dtype: DType, value: number): number {
  return dtype === 'int64' ? Math.trunc(value) : dtype === 'bool' ? Number(value !== 0) : value;
}
