/** Files, compression and folders in a browser, where a file is what a server answers. See `node.ts`. */
import { FileError } from './file-error.ts';

export { FileError } from './file-error.ts';

/** A browser keeps no folder of downloaded data sets: the server that serves the page serves them. */
export function cacheFolder(): string | undefined {
  return undefined;
}

/** The folders in which data sets are looked for: addresses, relative to the page. */
export function dataFolders(): string[] {
  return ['data'];
}

/** The address that folders are relative to: every file is asked for there. */
export function pageAddress(): string | undefined {
  const { document, location } = globalThis as { document?: { baseURI: string }; location?: { href: string } };
  return new URL('.', document?.baseURI ?? location!.href).href;
}

/** No mirror but the page's own server. */
export function ownMirror(): string | undefined {
  return undefined;
}

/** A page cannot ask whether there is a folder. */
export async function whyNoFolder(_path: string): Promise<string | undefined> {
  return undefined;
}

/** A page reads what its own server serves; it has no folder to download into. */
export const download = undefined;

/**
 * The bytes that the server answers, undefined where it has no such file.
 *
 * @throws FileError where there is no answer, another one than the file, or one of more than `limit` bytes.
 */
export async function readFile(path: string, limit: number): Promise<Uint8Array | undefined> {
  let response: Response;
  try {
    response = await fetch(path);
  } catch (cause) {
    throw new FileError('fetched', path, (cause as Error).message, { cause });
  }
  // Servers of single pages answer every address that they do not know with their page.
  const isPage = response.headers.get('content-type')?.startsWith('text/html');
  if (response.status === 404 || response.status === 410 || (response.ok && isPage)) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok || response.body === null)
    throw new FileError('fetched', path, `the server answered ${response.status}`);
  const bytes = await collect(response.body, limit);
  const reason = `longer than the ${limit} bytes that were wanted`;
  if (bytes === undefined) throw new FileError('fetched', path, reason, { found: 'too long a file' });
  return bytes;
}

/** The bytes of a stream; undefined, and the stream is cancelled, where they are more than `limit`. */
async function collect(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array | undefined> {
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return undefined;
    }
    pieces.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** CRC-32 as gzip uses it: RFC 1952, section 8. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ crcTable[(crc ^ bytes[i]!) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}

/** Undoes the compression of RFC 1951, or says why it cannot. Stops where the result exceeds `limit` bytes. */
export async function inflateRaw(bytes: Uint8Array, limit: number): Promise<Uint8Array | 'damaged' | 'too long'> {
  try {
    const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const contents = await collect(packed.pipeThrough(new DecompressionStream('deflate-raw')), limit);
    return contents ?? 'too long';
  } catch {
    return 'damaged'; // A browser does not tell data that are cut short or go on after their end from damaged ones.
  }
}

/**
 * The SHA-256 of the bytes, in 64 hexadecimal digits. Browsers compute it for pages served by https or by this machine
 * alone; a page served otherwise, as from a teacher's laptop, loads a library for it.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest =
    globalThis.crypto?.subtle === undefined
      ? (await import('@noble/hashes/sha2.js')).sha256(bytes)
      : new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
}

export { cores, nextTurn, startWorker } from './browser-threads.ts';
