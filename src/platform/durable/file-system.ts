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
import { FileError, reasonOf } from '../file-error.ts';

/** The calls by which files are written that shall survive a crash. Tests give others, which fail or forget. */
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
  /** When a file was last written, in milliseconds as `Date.now()` counts them. */
  modified(path: string): number;
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
  modified: path => statSync(path).mtimeMs,
};

/** Writes all of the bytes: a single write may stop short. */
export function writeAll(file: number, bytes: Uint8Array, files: FileSystem): void {
  for (let done = 0; done < bytes.length; ) done += files.write(file, bytes, done);
}

/** Says of a failure on the disk which file it was about, and why in words. */
export function onDisk<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError('written', path, reasonOf(cause), { cause });
  }
}

/** For what has to be tried after another failure, which is the one to report. */
export function quietly(act: () => void): void {
  try {
    act();
  } catch {}
}
