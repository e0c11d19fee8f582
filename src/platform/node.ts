/**
 * Files, compression and downloads in Node. `browser.ts` exports the same names; code that runs in both reaches either
 * through `#platform`.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { crc32 as zlibCrc32, inflateRaw as zlibInflateRaw } from 'node:zlib';
import { download as downloadFile } from './download.ts';
import { plain } from './files.ts';

export { FileError } from './file-error.ts';
export { readFile, whyNoFolder } from './files.ts';

/**
 * Where data sets that were downloaded are kept: the folder in which this system keeps what can be fetched again.
 * Undefined where nothing says which that is.
 */
export function cacheFolder(): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  switch (process.platform) {
    case 'win32':
      return below(LOCALAPPDATA, 'longhand', 'Cache') ?? below(home(), 'AppData', 'Local', 'longhand', 'Cache');
    case 'darwin':
      return below(home(), 'Library', 'Caches', 'longhand');
    default:
      return below(XDG_CACHE_HOME, 'longhand') ?? below(home(), '.cache', 'longhand');
  }
}

/**
 * A path below a folder. Not of a relative one: nothing is cached wherever somebody happens to stand. Nor of one that
 * may not be entered, as where HOME is still another user's.
 */
function below(folder: string | undefined, ...path: string[]): string | undefined {
  return folder !== undefined && isAbsolute(folder) && !isClosed(folder) ? join(folder, ...path) : undefined;
}

function isClosed(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES'; // one that is not there may be made
  }
}

function home(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined; // HOME is not set, and the system does not know this user
  }
}

/** The folders in which data sets are looked for, in this order: $PYTORCH_DATA_DIR, ./data, the cache. */
export function dataFolders(): string[] {
  const { PYTORCH_DATA_DIR } = process.env;
  const cache = cacheFolder();
  return [...(PYTORCH_DATA_DIR ? [resolve(PYTORCH_DATA_DIR)] : []), resolve('data'), ...(cache ? [cache] : [])];
}

/** The page that folders are relative to, where a server is asked for every file; here they lie on a disk. */
export function pageAddress(): string | undefined {
  return undefined;
}

/** A mirror of one's own, $LONGHAND_MIRROR, that is asked before the official ones: a school's server, say. */
export function ownMirror(): string | undefined {
  return process.env.LONGHAND_MIRROR || undefined;
}

/** Downloads a file; undefined where this platform cannot. */
export const download: typeof downloadFile | undefined = downloadFile;

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
      const code = (error as NodeJS.ErrnoException | null)?.code;
      if (error === null) {
        // With `info` the result is not the buffer that the types promise.
        const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
        resolve(engine.bytesWritten === bytes.length ? plain(buffer) : 'followed by more');
      } else if (code === 'ERR_BUFFER_TOO_LARGE') resolve('too long');
      else resolve(code === 'Z_BUF_ERROR' ? 'cut short' : 'damaged');
    });
  });
}

/** The SHA-256 of the bytes, in 64 hexadecimal digits. Six times faster than `crypto.subtle`, which copies them first. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return createHash('sha256').update(bytes).digest('hex');
}

export { cores, nextTurn, startWorker } from './node-threads.ts';
