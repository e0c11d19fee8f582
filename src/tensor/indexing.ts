import { assign, clone, contiguous } from './copies.ts';
import { cast } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { wantsOperand, wantsOwnPlaces, wantsTensor } from './operands.ts';
import { dimension, show } from './shape.ts';
import { blank, type Strided } from './strided.ts';
import { select, withLast } from './views.ts';

// Elements named by a tensor of places.

/** The elements row by row. Where they lie so already this is a look into the storage, not a copy. */
export function elementsOf(t: Strided): Strided['data'] {
  const { data, offset } = contiguous(t);
  return data.subarray(offset, offset + t.numel());
}

/** The entries `index` of dimension `dim`, in that order, with repetitions. */
export function indexSelect<T extends Strided>(t: T, dim: number, index: Strided): T {
  wantsTensor('indexSelect', index);
  if (index.dim() !== 1) {
    throw new ShapeError({
      operation: 'indexSelect',
      came: `an index of shape ${show(index.shape)}`,
      wanted: 'it wants one dimension',
    });
  }
  const d = dimension('indexSelect', dim, t.shape);
  const shape = t.shape.map((length, k) => (k === d ? index.numel() : length));
  const result = blank(t, shape, t.dtype);
  for (const [k, i] of elementsOf(index).entries()) assign(select(result, d, k), select(t, d, i));
  return result;
}

/** Writes `source` at the places that `index` names along `dim`. */
export function scatterInto<T extends Strided>(t: T, dim: number, index: Strided, source: Strided | number): T {
  const operation = 'scatter_';
  const d = dimension(operation, dim, t.shape);
  wantsTensor(operation, index);
  wantsOperand(operation, source);
  wantsOwnPlaces(operation, t);
  if (index.dtype !== 'int64') {
    throw new ShapeError({
      operation,
      came: `an index of ${index.dtype}`,
      wanted: 'it wants int64',
      advice: 'Convert it with .long()',
    });
  }
  if (index.dim() !== t.dim() || index.shape.some((n, k) => k !== d && n > t.shape[k]!)) {
    const came = `an index of shape ${show(index.shape)} into ${show(t.shape)} along dimension ${d}`;
    throw new ShapeError({ operation, came });
  }
  if (
    typeof source !== 'number' &&
    (source.dim() !== index.dim() || index.shape.some((n, k) => n > source.shape[k]!))
  ) {
    const came = `a source of shape ${show(source.shape)} for an index of shape ${show(index.shape)}`;
    throw new ShapeError({ operation, came });
  }
  const place = elementsOf(index).find(i => !(i >= 0 && i < t.shape[d]!));
  if (place !== undefined)
    throw new ShapeError({ operation, came: `index ${place} into a dimension of length ${t.shape[d]}` });
  // the copies are read to the end, whatever is written meanwhile
  const own = (x: Strided) => withLast(x.data.buffer === t.data.buffer ? clone(x) : x, d);
  scatterRows(withLast(t, d), own(index), typeof source === 'number' ? source : own(source));
  return t;
}

function scatterRows(target: Strided, index: Strided, source: Strided | number): void {
  for (let i = 0; i < index.shape[0]!; i++) {
    const from = typeof source === 'number' ? source : select(source, 0, i);
    if (index.dim() > 1) {
      scatterRows(select(target, 0, i), select(index, 0, i), from);
      continue;
    }
    const place = index.data[index.offset + i * index.strides[0]!]!;
    const value = typeof from === 'number' ? from : from.data[from.offset]!;
    target.data[target.offset + place * target.strides[0]!] = cast(target.dtype, value);
  }
}
