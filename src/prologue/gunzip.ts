import { crc32, inflateRaw } from '#platform';
import { DataError } from './data-error.ts';

/** Whether the bytes start as a gzip file does: what a file is called says nothing about it. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

// The flags of a member's header, RFC 1952, section 2.3.1.
const HEADER_CRC = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const RESERVED = 0xe0;

const TRAILER = 8; // CRC-32 and length of what was compressed, four bytes each

/** Where the compressed data start in a gzip member, RFC 1952. NaN: inside of a header that is cut short. */
function endOfHeader(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & EXTRA) at += 2 + bytes[at]! + 256 * bytes[at + 1]!; // past the end it is NaN, and stays so
  for (const text of [NAME, COMMENT]) if (flags & text) at = bytes.indexOf(0, at) + 1 || NaN;
  return flags & HEADER_CRC ? at + 2 : at;
}

/**
 * Unpacks a gzip file of exactly one member into at most `limit` bytes. Strict where zlib is lenient: zlib ignores
 * zeros after the end and joins a second member to the first without a word.
 *
 * @throws DataError where the file is cut short or damaged, its CRC or length is wrong, anything follows the member,
 * or the contents are longer than `limit`: a small file may unpack to gigabytes, and is stopped before it does.
 */
export async function gunzip(bytes: Uint8Array, limit: number, file: string): Promise<Uint8Array> {
  if (!isGzip(bytes)) throw new DataError(`${file}: not a gzip file`);
  const start = endOfHeader(bytes);
  const end = bytes.length - TRAILER;
  if (!(start < end)) throw new DataError(`${file}: the gzip file is cut short at ${bytes.length} bytes`);
  if (bytes[2] !== 8 || bytes[3]! & RESERVED)
    throw new DataError(`${file}: the gzip header is damaged: method ${bytes[2]}, flags ${bytes[3]}`);

  const contents = await inflateRaw(bytes.subarray(start, end), limit);
  switch (contents) {
    case 'cut short':
      throw new DataError(`${file}: the gzip file is cut short at ${bytes.length} bytes`);
    case 'damaged':
      throw new DataError(`${file}: the gzip file is damaged: its compressed data make no sense`);
    case 'too long':
      throw new DataError(`${file}: the gzip file unpacks to more than the ${limit} bytes that were wanted`);
    case 'followed by more':
      throw new DataError(`${file}: the gzip file goes on after its end, with trailing bytes or a second member`);
  }
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + end);
  const crc = trailer.getUint32(0, true);
  const length = trailer.getUint32(4, true);
  const found = crc32(contents);
  if (found !== crc) {
    const [hasIt, saysIt] = [found, crc].map(value => value.toString(16).padStart(8, '0'));
    throw new DataError(`${file}: the gzip file is damaged: the CRC of its contents is ${hasIt}, it says ${saysIt}`);
  }
  if (contents.length !== length)
    throw new DataError(`${file}: the gzip file is damaged: it holds ${contents.length} bytes, it says ${length}`);
  return contents;
}
