import type { Stats } from 'node:fs';
import { mkdir, open, readFile as readWholeFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError } from '../prologue/data-error.ts';

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its symbolic links go round in a circle',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than is allowed here',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such folder',
  ENAMETOOLONG: 'its name is too long',
  ENOTDIR: 'a file stands where a folder was wanted',
  EEXIST: 'a file stands where a folder was wanted',
  EISDIR: 'a folder stands where a file was wanted',
};

/** Why an operation on a file failed, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && REASONS[code]) || message;
}

/** The same bytes without Node's own methods: `slice` of a Buffer is a view, that of other arrays a copy. */
export function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/**
 * The bytes of a file, undefined where there is none.
 *
 * @throws DataError where it cannot be read, is longer than `limit`, or is no file: to read a device may never end.
 */
export function readFile(path: string, limit: number): Promise<Uint8Array | undefined> {
  return ofFile(path, async ({ size }) => {
    if (size > limit) throw new DataError(`${path}: ${size} bytes long, where at most ${limit} were wanted`);
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
      const kind = about.isDirectory() ? 'a folder' : about.isFIFO() ? 'a pipe' : 'a device';
      throw new DataError(`${path}: is ${kind}, not a file`);
    }
    return await act(about);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new DataError(`${path}: cannot be read: ${reasonOf(error)}`);
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

/**
 * Makes a folder and those above it, and gives the ones that it made, the innermost first. Node's own `recursive` calls
 * a read-only file system a missing folder.
 */
export async function makeFolder(path: string): Promise<string[]> {
  try {
    await mkdir(path);
    return [path];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((await whyNoFolder(path)) === undefined) return [];
    // in /proc a folder is missing although the one above it is there
    if (code !== 'ENOENT' || (await whyNoFolder(dirname(path))) === undefined) throw error;
    const above = await makeFolder(dirname(path));
    return [...(await makeFolder(path)), ...above];
  }
}
