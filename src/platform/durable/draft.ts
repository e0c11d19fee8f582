import { basename, dirname, join } from 'node:path';
import { type FileSystem, nodeFiles, onDisk, quietly, writeAll } from './file-system.ts';
import { openFolder } from './folders.ts';
import { giveUp, isInUse, newMark, ownerOf } from './mark.ts';

/**
 * A file that is still being made: a temporary one beside the place where it shall lie. Whoever reads there, whenever
 * the process or the machine dies, finds either all of the old bytes or all of the new.
 */
export class Draft {
  readonly #path: string;
  readonly #files: FileSystem;
  readonly #folder: { sync(): void; close(): void };
  readonly #mark: string = newMark();
  readonly #temporary: string;
  /** The temporary file, while it is open. */
  #file: number | undefined;
  #isThere = false;

  /** @throws FileError where nothing can be written there: that is to show before much is done for it. */
  constructor(path: string, files: FileSystem = nodeFiles) {
    this.#path = path;
    this.#files = files;
    this.#temporary = join(dirname(path), `${basename(path)}.${this.#mark}.tmp`);
    try {
      // Opened first: a folder that cannot be opened, or one file too many, is to show before anything is replaced.
      this.#folder = onDisk(path, () => openFolder(dirname(path), files));
    } catch (error) {
      giveUp(this.#mark);
      throw error;
    }
    try {
      this.#file = onDisk(path, () => files.open(this.#temporary, 'wx'));
      this.#isThere = true;
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /**
   * Puts these bytes in the place of whatever lies there: forced to the disk, renamed, and the folder forced to the
   * disk. Once this returns, the new bytes stay.
   *
   * @throws FileError where that fails. What lay there is then as it was, but where the last step failed.
   */
  finish(bytes: Uint8Array): void {
    onDisk(this.#path, () => {
      const file = this.#file!;
      writeAll(file, bytes, this.#files);
      this.#files.sync(file);
      this.#file = undefined; // what fails to close is not to be closed again: its number may be another file's by then
      this.#files.close(file);
      rename(this.#temporary, this.#path, this.#files);
      this.#isThere = false;
      this.#folder.sync();
    });
  }

  /** Takes the temporary file away, if it is still there. To be called in the end, whatever happened. */
  discard(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) quietly(() => this.#files.close(file));
    if (this.#isThere) quietly(() => this.#files.unlink(this.#temporary));
    this.#isThere = false;
    this.#folder.close();
    giveUp(this.#mark);
  }
}

/**
 * Writes a file so that it is found as it was or whole, and nothing else, whatever happens.
 *
 * @throws FileError where that fails. The old file is then as it was, and the temporary one is gone.
 */
export function saveFile(path: string, bytes: Uint8Array, files: FileSystem = nodeFiles): void {
  const draft = new Draft(path, files);
  try {
    draft.finish(bytes);
  } finally {
    draft.discard();
  }
}

/** What a rename says where another program holds one of the files: on Windows a scanner for viruses, or a reader. */
const HELD: readonly (string | undefined)[] = ['EPERM', 'EACCES', 'EBUSY'];
/** In milliseconds: such programs are soon done. */
const MOST_WAITING = 1000;
const BETWEEN_TRIES = 20;

function rename(from: string, to: string, files: FileSystem): void {
  for (let waited = 0; ; waited += BETWEEN_TRIES) {
    try {
      files.rename(from, to);
      return;
    } catch (error) {
      if (!HELD.includes((error as NodeJS.ErrnoException).code) || waited >= MOST_WAITING) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_TRIES);
  }
}

const A_DAY = 24 * 3600 * 1000;

/** Removes the drafts of `names` that were left behind: by the dead of this machine, and by any other after a day. */
export function sweep(folder: string, names: readonly string[], files: FileSystem = nodeFiles): void {
  const entries = onDisk(folder, () => files.readdir(folder));
  for (const entry of entries) {
    const name = names.find(name => entry.startsWith(`${name}.`));
    if (name === undefined || !entry.endsWith('.tmp')) continue;
    const mark = entry.slice(name.length + 1, -'.tmp'.length);
    if (ownerOf(mark) === undefined) continue;
    // somebody else may be faster, or it is another user's: nothing depends on it
    quietly(() => {
      const path = join(folder, entry);
      if (!(isInUse(mark) ?? Date.now() - files.modified(path) < A_DAY)) files.unlink(path);
    });
  }
}
