import { sha256 } from '#platform';
import type { Parameters } from '../engine/engine.ts';
import type { Network } from '../predict/network.ts';
import { hidden as hiddenSetting } from '../settings/training.ts';
import { Tensor } from '../tensor/index.ts';
import { CheckpointError } from './errors.ts';
import { type HeaderValue, parseHeader } from './header.ts';
import { Metadata } from './metadata.ts';

/**
 * The layout of our files: the length of the header as a 64-bit number, the header in JSON, the four parameters one
 * after the other (https://github.com/huggingface/safetensors#format). What else there is to say stands in the header's
 * `__metadata__`, where every value is a string; `digest` there is the SHA-256 of the whole file with the digits of the
 * digest itself replaced by zeros.
 */

/** The last version of the format that is read. 2 may say less of the training than 1, and may name data of one's own. */
const LAST_VERSION = 2;

const NAMES = ['w1', 'b1', 'w2', 'b2'] as const;
/** So many bytes of a header are read. */
export const MOST_HEADER: number = 2 ** 20;
/** So many bytes of header and parameters a checkpoint may have: Node cannot take the SHA-256 of more at once. */
export const MOST_BYTES: number = 2 ** 31 - 1;
const BLANK_DIGEST = '0'.repeat(64);

export type Shapes = Record<(typeof NAMES)[number], readonly number[]>;

function shapesOf(inputs: number, hidden: number, classes: number): Shapes {
  return { w1: [hidden, inputs], b1: [hidden], w2: [classes, hidden], b2: [classes] };
}

export const product = (lengths: readonly number[]): number => lengths.reduce((a, b) => a * b, 1);

/**
 * The file of a network, of whose parameters `step` gradient steps were the last. `entries` are the rest of its metadata.
 *
 * @throws CheckpointError where a parameter is NaN or infinite, or has another shape than the network should have.
 */
export async function encodeFile(
  version: number,
  entries: Readonly<Record<string, string>>,
  { inputShape, classes, parameters }: Network,
  hidden: number,
  step: number | undefined,
): Promise<Uint8Array> {
  const shapes = shapesOf(product(inputShape), hidden, classes);
  const tensors: Record<string, { dtype: 'F32'; shape: readonly number[]; data_offsets: [number, number] }> = {};
  const size = NAMES.reduce((sum, name) => sum + 4 * product(shapes[name]), 0);
  if (size > MOST_BYTES - MOST_HEADER)
    throw new CheckpointError(
      `checkpoint: ${hidden} hidden units take ${size} bytes, of which at most ${MOST_BYTES - MOST_HEADER} can be ` +
        'saved. Use fewer, or train without saving',
    );
  let end = 0;
  for (const name of NAMES) {
    const { shape, dtype } = parameters[name];
    const wanted = show(shapes[name]);
    if (dtype !== 'float32' || show(shape) !== wanted)
      throw new CheckpointError(`checkpoint: ${name} is ${dtype} ${show(shape)}; float32 ${wanted} was wanted`);
    const strange = parameters[name].elements().find(x => !Number.isFinite(x));
    if (strange !== undefined)
      throw new CheckpointError(
        `checkpoint: ${name} holds ${strange}${step === undefined ? '' : ` after ${step} step${step === 1 ? '' : 's'}`}, and is not saved. Try a smaller eta`,
      );
    const start = end;
    end += 4 * product(shape);
    tensors[name] = { dtype: 'F32', shape, data_offsets: [start, end] };
  }
  const metadata = { format: 'longhand checkpoint', version: `${version}`, digest: BLANK_DIGEST, ...entries };
  let text = JSON.stringify({ __metadata__: metadata, ...tensors });
  text += ' '.repeat(-text.length & 7); // so that the numbers lie at multiples of their size

  const bytes = new Uint8Array(8 + text.length + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(text.length), true);
  bytes.set(new TextEncoder().encode(text), 8);
  let at = 8 + text.length;
  for (const name of NAMES) {
    for (const x of parameters[name].elements()) {
      view.setFloat32(at, x, true);
      at += 4;
    }
  }
  bytes.set(new TextEncoder().encode(await sha256(bytes)), placeOfDigest(text, BLANK_DIGEST));
  return bytes;
}

/**
 * What is in a file: whatever it holds, it is whole and as it was written, or refused. `file` is its name.
 *
 * @throws CheckpointError that says what is wrong with the file.
 */
export async function decodeFile(bytes: Uint8Array, file: string): Promise<Form & { parameters: Parameters }> {
  const form = checkForm(bytes, bytes.length, file);
  const { refuse, text, metadata, shapes, starts } = form;

  // From here on the file has the right form: what is still wrong with it is damage, unless somebody meant it.
  const digest = metadata.digest('digest');
  const blank = new Uint8Array(bytes); // a copy: `slice` of Node's Buffer would be none
  blank.set(new TextEncoder().encode(BLANK_DIGEST), placeOfDigest(text, digest));
  const found = await sha256(blank);
  if (found !== digest) refuse(`is damaged: its SHA-256 is ${found}, where it says ${digest} itself`);
  return { ...form, parameters: readTensors(bytes, 8 + text.length, starts, shapes, refuse) };
}

/** Throws a `CheckpointError` that says what is wrong with a file. */
type Refuse = (why: string, cause?: unknown) => never;

/** What a file's header says, which fits its size. */
export interface Form {
  readonly version: number;
  readonly refuse: Refuse;
  readonly text: string;
  readonly metadata: Metadata;
  readonly shapes: Shapes;
  /** Where the tensors begin after the header. */
  readonly starts: number[];
  readonly inputShape: [number, number, number];
  readonly classes: number;
  readonly hidden: number;
}

/**
 * What is told by a file's header and its size alone. `start` are the first bytes of it, `size` is that of the whole.
 *
 * @throws CheckpointError where no checkpoint has this form.
 */
export function checkForm(start: Uint8Array, size: number, file: string): Form {
  const refuse = refusal(file);
  const text = headerText(start, size, refuse);
  const header = parseHeader(text, refuse);
  const entries = header.get('__metadata__');
  if (!(entries instanceof Map) || entries.get('format') !== 'longhand checkpoint')
    throw new CheckpointError(`${file}: is not a checkpoint of Longhand: its header does not say so`);
  const metadata = new Metadata(entries, refuse);
  const version = metadata.whole('version', 1);
  if (version > LAST_VERSION)
    throw new CheckpointError(
      `${file}: written by version ${version}, this reads up to ${LAST_VERSION}. Update longhand`,
    );

  const inputShape = metadata.inputShape('input_shape');
  const classes = metadata.whole('classes', 1, 1000);
  const hidden = metadata.read('hidden', hiddenSetting.values);
  const shapes = shapesOf(product(inputShape), hidden, classes);
  const starts = checkTensors(header, shapes, size - 8 - text.length, refuse);
  return { version, refuse, text, metadata, shapes, starts, inputShape, classes, hidden };
}

function refusal(file: string): Refuse {
  return (why, cause) => {
    throw new CheckpointError(
      `${file}: ${why}. Restore a copy of it, or start another run`,
      cause === undefined ? {} : { cause },
    );
  };
}

/** The header's text, after its length. */
function headerText(bytes: Uint8Array, size: number, refuse: Refuse): string {
  if (bytes.length === 0) refuse('is empty');
  if (bytes.length < 8) refuse(`is cut short: ${bytes.length} bytes, where the length of the header alone takes 8`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MOST_HEADER))
    refuse(`is no safetensors file: its header would be ${length} bytes long, at most ${MOST_HEADER} are read`);
  const end = 8 + Number(length);
  if (end > size) refuse(`is cut short: a header of ${length} bytes, of which ${size - 8} are there`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, end));
  } catch (error) {
    return refuse('its header is not UTF-8', error);
  }
  // then a character is a byte, and places in the text are places in the file
  if (text.length !== Number(length)) refuse('its header holds characters beyond ASCII');
  return text;
}

/** Where the digits of the digest begin in the file. */
function placeOfDigest(text: string, digest: string): number {
  return 8 + text.indexOf(`"digest":"${digest}"`) + '"digest":"'.length;
}

/** Checks type, shape and place of the four tensors, and gives where they begin in the buffer. */
function checkTensors(
  header: ReadonlyMap<string, HeaderValue>,
  shapes: Shapes,
  available: number,
  refuse: Refuse,
): number[] {
  const strange = [...header.keys()].find(name => name !== '__metadata__' && !NAMES.some(known => known === name));
  if (strange !== undefined) refuse(`holds a tensor ${JSON.stringify(strange.slice(0, 40))}, which no checkpoint has`);
  let end = 0;
  const starts = NAMES.map(name => {
    const entry = header.get(name);
    if (entry === undefined) return refuse(`lacks the tensor ${name}`);
    if (!(entry instanceof Map)) return refuse(`describes ${name} by ${show(entry)}, where an object was wanted`);
    const field = [...entry.keys()].find(key => !['dtype', 'shape', 'data_offsets'].includes(key));
    if (field !== undefined) refuse(`describes ${name} by an unknown ${JSON.stringify(field.slice(0, 40))}`);
    const dtype = entry.get('dtype');
    if (dtype !== 'F32') refuse(`${name} is of the type ${show(dtype)}; "F32" was wanted`);
    const shape = entry.get('shape');
    if (!isWhole(shape)) refuse(`the shape of ${name} is ${show(shape)}; whole numbers of 0 or more were wanted`);
    if (show(shape) !== show(shapes[name]))
      refuse(`${name} is ${show(shape)}, where ${show(shapes[name])} goes with the settings`);
    const offsets = entry.get('data_offsets');
    if (!isWhole(offsets) || offsets.length !== 2)
      return refuse(`the offsets of ${name} are ${show(offsets)}; two whole numbers were wanted`);
    const [start, stop] = offsets as [number, number];
    const place = `${name} at ${start} … ${stop}`;
    if (stop < start) refuse(`${place} ends before it begins`);
    if (start % 4 !== 0) refuse(`${place} does not begin at a multiple of 4 bytes`);
    if (start < end) refuse(`${place} overlaps the tensor before it, which ends at ${end}`);
    if (start > end) refuse(`${place} leaves a hole after ${end}`);
    const wanted = 4 * product(shapes[name]);
    if (stop - start !== wanted) refuse(`${place} takes ${stop - start} bytes, where its shape takes ${wanted}`);
    if (stop > available) refuse(`is cut short: ${place} leaves the ${available} bytes that follow the header`);
    end = stop;
    return start;
  });
  if (end !== available)
    refuse(`is too long: its tensors take ${end} bytes of the ${available} that follow the header`);
  return starts;
}

function isWhole(value: HeaderValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(x => Number.isSafeInteger(x) && (x as number) >= 0);
}

function readTensors(
  bytes: Uint8Array,
  base: number,
  starts: readonly number[],
  shapes: Shapes,
  refuse: Refuse,
): Parameters {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tensors = NAMES.map((name, i) => {
    const data = new Float32Array(product(shapes[name]));
    for (let k = 0; k < data.length; k++) {
      data[k] = view.getFloat32(base + starts[i]! + 4 * k, true);
      if (!Number.isFinite(data[k])) refuse(`${name} holds ${data[k]} at place ${k}; a trained network has none`);
    }
    return new Tensor(data, shapes[name], 'float32');
  });
  const [w1, b1, w2, b2] = tensors as Tensor[];
  return { w1, b1, w2, b2 } as unknown as Parameters;
}

/** A value as it may stand in a message: short, whatever it is. */
function show(value: HeaderValue | readonly number[] | undefined): string {
  if (value === undefined) return 'not given';
  if (value instanceof Map) return 'an object';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'number') return `${value}`;
  const shown = value.slice(0, 6).map(x => (Array.isArray(x) ? '[…]' : show(x)));
  return `[${shown.join(', ')}${value.length > 6 ? ', …' : ''}]`;
}
