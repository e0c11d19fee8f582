import { assign } from './copies.ts';
import { wider } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { wantsTensor } from './operands.ts';
import { dimension, show } from './shape.ts';
import { blank, type Strided } from './strided.ts';
import { narrow, unsqueeze } from './views.ts';

/** Tensors one after the other along `dim`; their other lengths are the same. */
export function cat<T extends Strided>(tensors: readonly T[], dim: number): T {
  const given = wantsTensors('cat', tensors);
  // as torch: a vector without elements may stand beside anything
  const some = given.filter(t => t.dim() !== 1 || t.numel() > 0);
  const [first = given[0]!] = some;
  const d = dimension('cat', dim, first.shape);
  for (const t of some) {
    if (t.dim() === first.dim() && t.shape.every((length, k) => k === d || length === first.shape[k])) continue;
    throw new ShapeError({
      operation: 'cat',
      came: `${show(first.shape)} and ${show(t.shape)} along dimension ${d}`,
      wanted: 'all other lengths must be the same',
    });
  }
  const lengths = some.map(t => t.shape[d]!);
  const shape = first.shape.map((length, k) => (k === d ? lengths.reduce((sum, own) => sum + own, 0) : length));
  const dtype = given.map(t => t.dtype).reduce(wider);
  const result = blank(first, shape, dtype);
  let start = 0;
  for (const [k, t] of some.entries()) {
    assign(narrow(result, d, start, lengths[k]!), t);
    start += lengths[k]!;
  }
  return result;
}

/** Tensors of one shape along a new dimension `dim`. */
export function stack<T extends Strided>(tensors: readonly T[], dim: number): T {
  const given = wantsTensors('stack', tensors);
  const [first] = given;
  for (const t of given) {
    if (show(t.shape) === show(first.shape)) continue;
    throw new ShapeError({
      operation: 'stack',
      came: `${show(first.shape)} and ${show(t.shape)}`,
      wanted: 'all must be of one shape',
    });
  }
  const place = dim < 0 ? dim + first.dim() + 1 : dim;
  return cat(
    given.map(t => unsqueeze(t, dim)),
    place,
  );
}

function wantsTensors<T extends Strided>(operation: string, tensors: readonly T[]): readonly [T, ...T[]] {
  if (!Array.isArray(tensors) || tensors.length === 0) {
    throw new ShapeError({
      operation,
      came: Array.isArray(tensors) ? 'an empty list' : 'no list',
      wanted: 'it wants tensors in an array',
      advice: `As in ${operation}([a, b])`,
    });
  }
  for (const t of tensors) wantsTensor(operation, t);
  return tensors as unknown as readonly [T, ...T[]];
}
