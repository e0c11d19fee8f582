import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { reasonOf } from '../platform/files.ts';
import { RunError } from './errors.ts';

/** The calls by which a run writes. Tests give others, which fail or forget. */
export interface FileSystem {
  mkdir(path: string): void;
  readdir(path: string): string[];
  open(path: string, flags: 'r' | 'a' | 'wx'): number;
  /** Writes from `offset` on and gives how many bytes found room: on a disk that is nearly full, not all. */
  write(file: number, bytes: Uint8Array, offset: number): number;
  truncate(file: number, length: number): void;
  sync(file: number): void;
  close(file: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** Removes a folder that is empty. */
  rmdir(path: string): void;
}

export const nodeFiles: FileSystem = {
  mkdir: path => mkdirSync(path),
  readdir: path => readdirSync(path),
  open: (path, flags) => openSync(path, flags),
  write: (file, bytes, offset) => writeSync(file, bytes, offset),
  truncate: (file, length) => ftruncateSync(file, length),
  sync: file => fsyncSync(file),
  close: file => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  unlink: path => unlinkSync(path),
  rmdir: path => rmdirSync(path),
};

/**
 * Writes a file so that whoever reads it, whenever the process or the machine dies, finds either all of the old bytes
 * or all of the new: into a temporary file beside it, forced to the disk, renamed, and the folder forced to the disk.
 * Once this returns, the new bytes stay.
 *
 * @throws RunError where that fails. The old file is then as it was, and the temporary one is gone.
 */
export function saveFile(path: string, bytes: Uint8Array, files: FileSystem = nodeFiles): void {
  onDisk(path, () => {
    // Opened first: a folder that cannot be opened, or one file too many, is to show before anything is replaced.
    const folder = openFolder(dirname(path), files);
    try {
      const temporary = join(dirname(path), `${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
      writeNew(temporary, bytes, files);
      try {
        files.rename(temporary, path);
      } catch (error) {
        quietly(() => files.unlink(temporary));
        throw error;
      }
      folder.sync();
    } finally {
      folder.close();
    }
  });
}

/** A folder whose names can be forced to the disk; Windows has no such call. */
function openFolder(path: string, files: FileSystem): { sync(): void; close(): void } {
  if (process.platform === 'win32') return { sync() {}, close() {} };
  const folder = files.open(path, 'r');
  return {
    sync: () => files.sync(folder),
    close: () => quietly(() => files.close(folder)), // nothing was written by it
  };
}

/**
 * Makes a folder and those above it that are missing, forces their names to the disk, and gives them, the innermost
 * first. Node's own `recursive` never comes back from /proc.
 *
 * @throws RunError where that fails.
 */
export function makeFolder(path: string, files: FileSystem = nodeFiles): string[] {
  return onDisk(path, () => {
    if (isFolder(path)) return [];
    const above = makeFolder(dirname(path), files);
    const parent = openFolder(dirname(path), files);
    try {
      files.mkdir(path);
      parent.sync();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST' && isFolder(path)) return above; // another was faster
      removeEmpty([path, ...above], files);
      throw error;
    } finally {
      parent.close();
    }
    return [path, ...above];
  });
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Removes those folders, the innermost first, that are empty. */
export function removeEmpty(folders: readonly string[], files: FileSystem = nodeFiles): void {
  for (const folder of folders) quietly(() => files.rmdir(folder));
}

/** Writes a file that is not there yet and forces it to the disk; where that fails, it is not there afterwards. */
function writeNew(path: string, bytes: Uint8Array, files: FileSystem): void {
  const file = files.open(path, 'wx');
  let open = true;
  try {
    writeAll(file, bytes, files);
    files.sync(file);
    open = false; // what fails to close is not to be closed again: its number may be another file's by then
    files.close(file);
  } catch (error) {
    if (open) quietly(() => files.close(file));
    quietly(() => files.unlink(path));
    throw error;
  }
}

/** Writes all of the bytes: a single write may stop short. */
export function writeAll(file: number, bytes: Uint8Array, files: FileSystem): void {
  for (let done = 0; done < bytes.length; ) done += files.write(file, bytes, done);
}

/**
 * Removes the temporary files that killed processes left beside `names`. Only for the one process that writes these:
 * for the files of a run, the one that holds the lock.
 */
export function sweep(folder: string, names: readonly string[], files: FileSystem = nodeFiles): void {
  onDisk(folder, () => {
    for (const entry of files.readdir(folder)) {
      const [, name] = /^(.*)\.[\da-f]{16}\.tmp$/.exec(entry) ?? [];
      if (name !== undefined && names.includes(name)) files.unlink(join(folder, entry));
    }
  });
}

/** Says of a failure on the disk which file it was about, and why in words. */
export function onDisk<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(`${path}: cannot be written: ${reasonOf(error)}`);
  }
}

/** For what has to be tried after another failure, which is the one to report. */
export function quietly(act: () => void): void {
  try {
    act();
  } catch {}
}
