import { DataError } from './data-error.ts';

/**
 * The IDX format of the MNIST files: two zero bytes, a byte for the type (8: unsigned bytes), a byte for the number of
 * dimensions, the dimensions as big-endian 32-bit integers, then the values, the last dimension fastest.
 * Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
 */
const UNSIGNED_BYTES = 8;

/** What an IDX file should hold: the dimensions, and for labels how many classes there are. */
export interface IdxExpectation {
  /** [count, rows, columns] of images, [count] of labels. */
  readonly dims: readonly number[];
  /** For labels: the values are 0 to classes − 1. */
  readonly classes?: number;
}

const kindOf = (dimensions: number): string =>
  dimensions === 1 ? 'labels (1 dimension)' : dimensions === 3 ? 'images (3 dimensions)' : `${dimensions} dimensions`;

const timesOf = (dims: readonly number[]): string => dims.join('×');

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Whether the bytes are a page of HTML or XML: what servers send, with status 200, for files they no longer have. */
export function isPage(bytes: Uint8Array): boolean {
  return /^\s*<(!doctype|html|head|\?xml)/i.test(String.fromCharCode(...bytes.subarray(0, 64)));
}

/**
 * The values of an IDX file of unsigned bytes, a view into `bytes`.
 *
 * @throws DataError where the file is anything but exactly what was expected.
 */
export function parseIdx(bytes: Uint8Array, expected: IdxExpectation, file: string): Uint8Array {
  const { dims, classes } = expected;
  const wanted = kindOf(dims.length);
  if (bytes.length === 0) throw new DataError(`${file}: the file is empty; an IDX file of ${wanted} was wanted`);
  if (bytes.length < 4)
    throw new DataError(`${file}: the file has ${bytes.length} bytes, less than the 4 that an IDX file starts with`);
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    const start = hex(bytes.subarray(0, 4));
    if (isPage(bytes))
      throw new DataError(`${file}: a page of HTML or XML, not an IDX file: some server sent it in the file's place`);
    if (bytes[0] === dims.length && bytes[1] === UNSIGNED_BYTES)
      throw new DataError(`${file}: the header is little-endian (${start}); IDX files are big-endian`);
    throw new DataError(`${file}: not an IDX file: it starts with ${start}, where 00 00 08 0${dims.length} was wanted`);
  }
  if (bytes[2] !== UNSIGNED_BYTES)
    throw new DataError(
      `${file}: the IDX file's type is 0x${hex(bytes.subarray(2, 3))}; 0x08, unsigned bytes, was wanted`,
    );
  if (bytes[3] !== dims.length)
    throw new DataError(`${file}: the IDX file holds ${kindOf(bytes[3]!)}, where ${wanted} were wanted`);
  const headerLength = 4 + 4 * dims.length;
  if (bytes.length < headerLength)
    throw new DataError(`${file}: cut short at ${bytes.length} bytes, inside of the ${headerLength} of its header`);

  const header = new DataView(bytes.buffer, bytes.byteOffset, headerLength);
  const found = dims.map((_, i) => header.getUint32(4 + 4 * i));
  if (found.includes(0)) throw new DataError(`${file}: holds nothing: its dimensions are ${timesOf(found)}`);
  // The dimensions come before the length: a product of them is only formed once they are known to be sensible.
  if (found.some((dim, i) => dim !== dims[i])) {
    const swapped = dims.map((_, i) => header.getUint32(4 + 4 * i, true));
    if (swapped.every((dim, i) => dim === dims[i]))
      throw new DataError(`${file}: the dimensions in the header are little-endian; IDX files are big-endian`);
    if (found.slice(1).some((dim, i) => dim !== dims[i + 1]))
      throw new DataError(`${file}: holds ${timesOf(found)} values, where ${timesOf(dims)} were wanted`);
    const things = classes === undefined ? 'images' : 'labels';
    throw new DataError(
      `${file}: holds ${found[0]} ${things}, where ${dims[0]} were wanted. ` +
        'Are training and test set swapped, or do images and labels belong to different sets?',
    );
  }
  const length = dims.reduce((product, dim) => product * dim, 1);
  const values = bytes.subarray(headerLength);
  if (values.length !== length) {
    const difference = Math.abs(values.length - length);
    const which = values.length < length ? 'short' : 'long';
    const bytes = difference === 1 ? 'byte' : 'bytes';
    throw new DataError(
      `${file}: ${difference} ${bytes} too ${which}: after the header come ${values.length} bytes, ` +
        `where ${timesOf(dims)} = ${length} were wanted`,
    );
  }
  if (classes !== undefined) checkLabels(values, classes, file);
  return values;
}

/** What an IDX file of unsigned bytes with these dimensions begins with. */
export function idxHeader(dims: readonly number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * dims.length));
  header.setUint8(2, UNSIGNED_BYTES);
  header.setUint8(3, dims.length);
  for (const [i, dim] of dims.entries()) header.setUint32(4 + 4 * i, dim);
  return new Uint8Array(header.buffer);
}

/** @throws DataError at the first label that is not one of 0 to classes − 1. */
export function checkLabels(labels: Uint8Array, classes: number, file: string): void {
  const at = labels.findIndex(label => label >= classes);
  if (at >= 0) throw new DataError(`${file}: label ${labels[at]} at index ${at}, where labels are 0 to ${classes - 1}`);
}
