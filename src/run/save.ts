import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
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
  open(path: string, flags: 'r' | 'r+' | 'a' | 'wx'): number;
  /** Writes from `offset` on and gives how many bytes found room: on a disk that is nearly full, not all. */
  write(file: number, bytes: Uint8Array, offset: number): number;
  truncate(file: number, length: number): void;
  sync(file: number): void;
  close(file: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
}

export const nodeFiles: FileSystem = {
  mkdir: path => mkdirSync(path, { recursive: true }),
  readdir: path => readdirSync(path),
  open: (path, flags) => openSync(path, flags),
  write: (file, bytes, offset) => writeSync(file, bytes, offset),
  truncate: (file, length) => ftruncateSync(file, length),
  sync: file => fsyncSync(file),
  close: file => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  unlink: path => unlinkSync(path),
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
    const folder = process.platform === 'win32' ? undefined : files.open(dirname(path), 'r');
    try {
      const temporary = join(dirname(path), `${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
      writeNew(temporary, bytes, files);
      try {
        files.rename(temporary, path);
      } catch (error) {
        quietly(() => files.unlink(temporary));
        throw error;
      }
      if (folder !== undefined) files.sync(folder);
    } finally {
      if (folder !== undefined) quietly(() => files.close(folder)); // nothing was written by it
    }
  });
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
 * Removes the temporary files that killed processes left beside `names`. Only for the one process that holds the lock
 * of the folder: then nobody is writing any.
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
