import type { Stats } from 'node:fs';
import { open, readFile as readWholeFile, stat } from 'node:fs/promises';
import { FileError, reasonOf } from './file-error.ts';

/** The same bytes without Node's own methods: `slice` of a Buffer is a view, that of other arrays a copy. */
export function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/**
 * The bytes of a file, undefined where there is none.
 *
 * @throws FileError where it cannot be read, is longer than `limit`, or is no file: to read a device may never end.
 */
export function readFile(path: string, limit: number): Promise<Uint8Array | undefined> {
  return ofFile(path, async ({ size }) => {
    const reason = `${size} bytes long, where at most ${limit} were wanted`;
    if (size > limit) throw new FileError('read', path, reason, { found: 'too long a file' });
    return plain(await readWholeFile(path));
  });
}

/** The first bytes of a file, `length` of them or all, and the size of the whole; refused and missing as by `readFile`. */
export function readStart(path: string, length: number): Promise<{ bytes: Uint8Array; size: number } | undefined> {
  return ofFile(path, async ({ size }) => {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, length)));
      return { bytes: plain(buffer.subarray(0, bytesRead)), size };
    } finally {
      await file.close();
    }
  });
}

async function ofFile<T>(path: string, act: (about: Stats) => Promise<T>): Promise<T | undefined> {
  try {
    const about = await stat(path);
    if (!about.isFile()) {
      const found = about.isDirectory() ? 'a folder' : about.isFIFO() ? 'a pipe' : 'a device';
      throw new FileError('read', path, `is ${found}, not a file`, { found });
    }
    return await act(about);
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const circle = code === 'ELOOP' ? { found: 'a circle of links' as const } : {};
    throw new FileError('read', path, reasonOf(cause), { cause, ...circle });
  }
}

/** Why nothing can lie in a folder: there is none, or it is a file. Undefined where it is one. */
export async function whyNoFolder(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? undefined : 'it is a file, not a folder';
  } catch (error) {
    return reasonOf(error);
  }
}
