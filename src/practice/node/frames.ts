import { Buffer } from 'node:buffer';

/**
 * A message as bytes: its JSON, and after it all the numbers of its `Float64Array`s as they lie in memory, so that a
 * NaN stays one. A frame is an id of 16 bytes, the length of the message in 4, and the message.
 */
export const ID_BYTES = 16;
// as they are before a learner's code is there
const { parse, stringify } = JSON;
const HEAD_BYTES = ID_BYTES + 4;

export function frame(id: Uint8Array, message: unknown): Buffer {
  const numbers: Float64Array[] = [];
  let count = 0;
  const json = Buffer.from(
    stringify(message, (_, value) => {
      if (value instanceof Float64Array) {
        numbers.push(value);
        count += value.length;
        return { numbersFrom: count - value.length, count: value.length };
      }
      return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
    }),
  );
  const head = Buffer.alloc(HEAD_BYTES + 4);
  head.set(id);
  head.writeUInt32LE(4 + json.length + 8 * count, ID_BYTES);
  head.writeUInt32LE(json.length, HEAD_BYTES);
  return Buffer.concat([head, json, ...numbers.map(n => Buffer.from(n.buffer, n.byteOffset, n.byteLength))]);
}

/** Collects bytes, and gives each frame as soon as all of it is there. */
export class Frames {
  #chunks: Buffer[] = [];
  #length = 0;
  readonly #mostBytes: number;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** @throws where a frame is larger than it may be, or no frame at all. */
  *add(chunk: Buffer): Generator<{ readonly id: Buffer; readonly message: unknown }> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length >= HEAD_BYTES) {
      if (this.#chunks[0]!.length < HEAD_BYTES) this.#chunks = [Buffer.concat(this.#chunks)];
      const size = this.#chunks[0]!.readUInt32LE(ID_BYTES);
      if (size > this.#mostBytes) throw new RangeError(`a frame of ${size} bytes`);
      if (this.#length < HEAD_BYTES + size) return;
      const all = Buffer.concat(this.#chunks);
      this.#chunks = [all.subarray(HEAD_BYTES + size)];
      this.#length -= HEAD_BYTES + size;
      yield { id: all.subarray(0, ID_BYTES), message: messageIn(all.subarray(HEAD_BYTES, HEAD_BYTES + size)) };
    }
  }
}

function messageIn(bytes: Buffer): unknown {
  const length = bytes.readUInt32LE(0);
  const numbers = bytes.subarray(4 + length);
  return parse(bytes.toString('utf8', 4, 4 + length), (_, value) => {
    if (value === null || typeof value !== 'object') return value;
    if (typeof value.number === 'string') return Number(value.number);
    if (typeof value.numbersFrom !== 'number') return value;
    const array = new Float64Array(value.count);
    const from = 8 * value.numbersFrom;
    if (from + array.byteLength > numbers.length) throw new RangeError('numbers that are not there');
    new Uint8Array(array.buffer).set(numbers.subarray(from, from + array.byteLength));
    return array;
  });
}
