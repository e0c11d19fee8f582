import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FileSystem, nodeFiles, onDisk, quietly } from './file-system.ts';

/** A folder whose names can be forced to the disk; Windows has no such call. */
export function openFolder(path: string, files: FileSystem): { sync(): void; close(): void } {
  if (process.platform === 'win32') return { sync() {}, close() {} };
  const folder = files.open(path, 'r');
  return {
    sync: () => files.sync(folder),
    close: () => quietly(() => files.close(folder)), // nothing was written by it
  };
}

/**
 * Makes a folder and those above it that are missing, forces their names to the disk, and gives them, the innermost
 * first. Node's own `recursive` never comes back from /proc, and calls a read-only file system a missing folder.
 *
 * @throws FileError where that fails.
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
