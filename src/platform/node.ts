/**
 * Files, compression and folders in Node. `browser.ts` exports the same names; code that runs in both reaches either
 * through `#platform`.
 */
import { readFile as readWholeFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { crc32 as zlibCrc32, inflateRaw as zlibInflateRaw } from 'node:zlib';
import { DataError } from '../prologue/data-error.ts';

/** Where data sets that were downloaded are kept: the folder in which this system keeps what can be fetched again. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  switch (process.platform) {
    case 'win32':
      return join(LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'longhand', 'Cache');
    case 'darwin':
      return join(homedir(), 'Library', 'Caches', 'longhand');
    default:
      return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'longhand');
  }
}

/** The folders in which data sets are looked for, in this order: $PYTORCH_DATA_DIR, ./data, the cache. */
export function dataFolders(): string[] {
  const { PYTORCH_DATA_DIR } = process.env;
  return [...(PYTORCH_DATA_DIR ? [resolve(PYTORCH_DATA_DIR)] : []), resolve('data'), cacheFolder()];
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its symbolic links go round in a circle',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than is allowed here',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a file stands where a folder was wanted',
  EEXIST: 'a file stands where a folder was wanted',
};

/** Why an operation on a file failed, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && REASONS[code]) || message;
}

/** The same bytes without Node's own methods: `slice` of a Buffer is a view, that of other arrays a copy. */
function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/**
 * The bytes of a file, undefined where there is none.
 *
 * @throws DataError where it cannot be read, is longer than `limit`, or is no file: to read a device may never end.
 */
export async function readFile(path: string, limit: number): Promise<Uint8Array | undefined> {
  try {
    const about = await stat(path);
    if (!about.isFile())
      throw new DataError(`${path}: ${about.isDirectory() ? 'a folder' : 'a device or pipe'}, not a file`);
    if (about.size > limit)
      throw new DataError(`${path}: ${about.size} bytes long, where at most ${limit} were wanted`);
    return plain(await readWholeFile(path));
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new DataError(`${path}: cannot be read: ${reasonOf(error)}`);
  }
}

/** CRC-32 as gzip uses it. */
export const crc32: (bytes: Uint8Array) => number = bytes => zlibCrc32(bytes);

/** Undoes the compression of RFC 1951, or says why it cannot. Stops where the result exceeds `limit` bytes. */
export function inflateRaw(
  bytes: Uint8Array,
  limit: number,
): Promise<Uint8Array | 'cut short' | 'damaged' | 'too long' | 'followed by more'> {
  // Many times faster in one piece than in zlib's pieces of 16 kB, which have to be joined.
  const chunkSize = Math.max(64, limit);
  return new Promise(resolve => {
    zlibInflateRaw(bytes, { info: true, maxOutputLength: limit, chunkSize }, (error, result) => {
      if (error === null) {
        // With `info` the result is not the buffer that the types promise.
        const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
        resolve(engine.bytesWritten === bytes.length ? plain(buffer) : 'followed by more');
      } else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') resolve('too long');
      else resolve((error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' ? 'cut short' : 'damaged');
    });
  });
}

export { cores, startWorker } from './node-threads.ts';
