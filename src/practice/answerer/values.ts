import { type DType, Tensor } from '../../tensor/index.ts';
import type { TensorValue, Value } from '../protocol.ts';

/** More than this is no answer: the largest tensor of the practical's has 50 × 784 entries. */
const MOST_ELEMENTS = 1_000_000;
const MOST_ITEMS = 100;

const { isArray } = Array;
const { getPrototypeOf } = Object;
const kindOfArray: (data: unknown) => string | undefined = Function.prototype.call.bind(
  Object.getOwnPropertyDescriptor(getPrototypeOf(Float64Array.prototype), Symbol.toStringTag)!.get!,
);

/** A tensor with storage of its own. */
export function toTensor({ dtype, shape, data }: TensorValue): Tensor {
  return new Tensor(new Float64Array(data), [...shape], 'float64').to(dtype, dtype === 'float64');
}

/** What is sent, as what a function takes. */
export function fromValue(value: Value): unknown {
  switch (value.kind) {
    case 'tensor':
      return toTensor(value);
    case 'number':
    case 'text':
      return value.value;
    case 'list':
      return value.items.map(fromValue);
    default:
      return undefined;
  }
}

/** Whatever a learner's code made, as what can be sent. Nothing that it is or does makes this throw. */
export function toValue(made: unknown, depth = 0): Value {
  try {
    if (made === undefined) return { kind: 'nothing' };
    if (typeof made === 'number') return { kind: 'number', value: made };
    if (isTensor(made)) return readTensor(made);
    if (isArray(made) && depth < 3) {
      const items: Value[] = [];
      for (let i = 0; i < made.length && i < MOST_ITEMS; i++) items[i] = toValue(made[i], depth + 1);
      return { kind: 'list', items };
    }
    return { kind: 'other', what: whatIs(made) };
  } catch {
    return { kind: 'other', what: 'something that cannot be looked at' };
  }
}

export function isTensor(made: unknown): made is Tensor {
  try {
    return typeof made === 'object' && made !== null && getPrototypeOf(made) === Tensor.prototype;
  } catch {
    return false; // a proxy that refuses to tell
  }
}

/** Whether the elements lie one after the other. */
function inOrder(lengths: readonly number[], strides: readonly number[]): boolean {
  let stride = 1;
  for (let d = lengths.length - 1; d >= 0; d--) {
    if (strides[d] !== stride && lengths[d]! > 1) return false;
    stride *= lengths[d]!;
  }
  return true;
}

/** Reads the elements where they lie, without a method of the tensor's, which a learner may have replaced. */
function readTensor({ data, shape, strides, offset, dtype }: Tensor): Value {
  const fake: Value = { kind: 'other', what: 'something that only looks like a tensor' };
  const kind = { float32: 'Float32Array', float64: 'Float64Array', int64: 'Float64Array', bool: 'Uint8Array' }[dtype];
  if (
    kind === undefined ||
    kindOfArray(data) !== kind ||
    !isArray(shape) ||
    !isArray(strides) ||
    strides.length !== shape.length
  )
    return fake;
  const lengths: number[] = [];
  let count = 1;
  for (let d = 0; d < shape.length; d++) {
    if (!Number.isInteger(shape[d]) || !(shape[d]! >= 0)) return fake;
    lengths[d] = shape[d]!;
    count *= lengths[d]!;
  }
  if (count > MOST_ELEMENTS) return { kind: 'other', what: `a tensor of ${count} elements, which is too large` };
  const elements = new Float64Array(count);
  if (inOrder(lengths, strides)) {
    for (let k = 0; k < count; k++) {
      const element = data[offset + k];
      if (typeof element !== 'number') return fake;
      elements[k] = element;
    }
    return { kind: 'tensor', dtype: dtype as DType, shape: lengths, data: elements };
  }
  const index = lengths.map(() => 0);
  let at = offset;
  for (let k = 0; k < count; k++) {
    const element = data[at];
    if (typeof element !== 'number') return fake;
    elements[k] = element;
    for (let d = lengths.length - 1; d >= 0; d--) {
      at += strides[d]!;
      if (++index[d]! < lengths[d]!) break;
      at -= strides[d]! * lengths[d]!;
      index[d] = 0;
    }
  }
  return { kind: 'tensor', dtype: dtype as DType, shape: lengths, data: elements };
}

/** In the words of a sentence: `a string`, `a list`, `a promise`. */
export function whatIs(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing (undefined)';
    case 'number':
      return 'a number';
    case 'string':
      return 'a string';
    case 'boolean':
      return `${value}`;
    case 'function':
      return 'a function';
    case 'object':
      break;
    default:
      return `a ${typeof value}`;
  }
  if (value === null) return 'null';
  try {
    if (isTensor(value)) return 'a tensor';
    if (isArray(value)) return 'a list';
    if (value instanceof Promise) return 'a promise';
    const kind = kindOfArray(value);
    if (kind !== undefined) return `a ${kind}`;
  } catch {
    return 'something that cannot be looked at';
  }
  return 'an object';
}
