import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What lies in a download, whether it is a folder or a zip. */
export interface Entry {
  /** From the download's root, with slashes. */
  readonly path: string;
  /** A link, a device, an encrypted file and the like are never read. */
  readonly kind: 'file' | 'other';
  readonly bytes: number;
  read(): Uint8Array;
}

/** Deeper folders, and more files in one submission, are nobody's homework. */
export const MOST_DEPTH = 12;
export const MOST_ENTRIES = 100_000;

/** What systems and tools leave beside somebody's work. */
export const isLitter = (name: string): boolean => /^(\.|__MACOSX$|node_modules$|Thumbs\.db$|desktop\.ini$)/.test(name);

/** All files of a folder and below it. No link is followed; what is found is looked at again when it is read. */
export function entriesOfFolder(root: string): Entry[] {
  const entries: Entry[] = [];
  const visit = (folder: string, depth: number) => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      if (isLitter(name)) continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      const full = join(root, path);
      const stats = lstatSync(full, { throwIfNoEntry: false });
      if (stats === undefined) continue;
      if (entries.length >= MOST_ENTRIES) throw new RangeError(`more than ${MOST_ENTRIES} files`);
      if (stats.isDirectory() && depth < MOST_DEPTH) {
        const before = entries.length;
        visit(path, depth + 1);
        // somebody who handed in nothing is to be told of, too
        if (depth === 0 && entries.length === before)
          entries.push({ path: `${path}/`, kind: 'file', bytes: 0, read: () => new Uint8Array() });
      } else
        entries.push({ path, kind: stats.isFile() ? 'file' : 'other', bytes: stats.size, read: () => bytesOf(full) });
    }
  };
  visit('', 0);
  return entries;
}

/** A link that has come in its place meanwhile is not followed, and a pipe not waited for. */
export function bytesOf(path: string): Uint8Array {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new Error('no file');
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
