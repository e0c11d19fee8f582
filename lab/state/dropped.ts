import type { GivenFile } from './run-files.ts';

/** A folder of more files than this is no run. */
const MOST_FILES = 500;

/** The files that somebody chose. */
export const filesOf = (files: Iterable<File>): GivenFile[] =>
  Array.from(files, file => given(file, file.webkitRelativePath || file.name));

/** The files that were dropped, those of a folder included. To be called while the event is handled: later they are gone. */
export async function filesDropped({ items, files }: DataTransfer): Promise<GivenFile[]> {
  const entries = Array.from(items, item => item.webkitGetAsEntry?.()).filter(entry => entry != null);
  if (entries.length === 0) return filesOf(files);
  const found: GivenFile[] = [];
  const add = async (entry: FileSystemEntry): Promise<void> => {
    if (found.length >= MOST_FILES) return;
    const path = entry.fullPath.replace(/^\//, '');
    if (isFile(entry)) {
      found.push(given(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), path));
      return;
    }
    for (const inside of await entriesIn(entry as FileSystemDirectoryEntry)) await add(inside);
  };
  for (const entry of entries) await add(entry);
  return found;
}

const given = (file: File, path: string): GivenFile => ({
  ...{ path, size: file.size },
  bytes: async () => new Uint8Array(await file.arrayBuffer()),
});

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

async function entriesIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    // a hundred at a time
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0 || all.length >= MOST_FILES) return all;
    all.push(...some);
  }
}
