import { type FSWatcher, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** A save is several events: they are looked at together. */
const SETTLE_MS = 40;
/** A look without an event: where a file system tells nothing, over a network, and where the folder itself was replaced. */
const LOOK_MS = 1000;

/**
 * Watches files of a folder, those that are asked for at each look, and tells which of them are new, changed or gone. An editor may save in place, or write
 * another file and rename it: so it is the folder that is watched, not recursively, for a watch on a file is blind after
 * the first rename. And the times of the files are looked at once a second besides.
 *
 * A file that is asked for later on is told of once: nobody knows how long it has been as it is.
 *
 * A file that is gone is told of a second later, if it is still gone: some editors take it away before they write it.
 *
 * @returns what ends it.
 */
export function watchFiles(
  folder: string,
  files: () => readonly string[],
  onChange: (file: string) => void,
): () => void {
  const signs = new Map<string, string>();
  const gone = new Set<string>();
  let watcher: FSWatcher | undefined;
  let settling: NodeJS.Timeout | undefined;
  let watched = '';

  const look = (byTheClock: boolean) => {
    for (const file of files()) {
      const sign = signOf(join(folder, file));
      const isGone = sign === '';
      if (sign === signs.get(file)) gone.delete(file);
      else if (isGone && !(byTheClock && gone.has(file))) gone.add(file);
      else {
        gone.delete(file);
        signs.set(file, sign);
        onChange(file);
      }
    }
  };
  const watchFolder = () => {
    const folderIs = placeOf(folder);
    if (watcher !== undefined && folderIs === watched) return;
    watcher?.close();
    watcher = undefined;
    watched = folderIs;
    try {
      watcher = watch(folder, { recursive: false }, () => {
        clearTimeout(settling);
        settling = setTimeout(look, SETTLE_MS, false);
      });
      watcher.on('error', () => {
        watcher?.close();
        watcher = undefined; // the clock goes on, and tries again
      });
    } catch {
      // the clock alone, then
    }
  };

  for (const file of files()) signs.set(file, signOf(join(folder, file)));
  watchFolder();
  const clock = setInterval(() => {
    watchFolder();
    look(true);
  }, LOOK_MS);
  return () => {
    clearInterval(clock);
    clearTimeout(settling);
    watcher?.close();
  };
}

/** What differs after every save; empty where there is no such file. */
function signOf(path: string): string {
  try {
    const { mtimeMs, ctimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
  } catch {
    return '';
  }
}

/** Which folder it is that has this name. */
function placeOf(folder: string): string {
  try {
    const { dev, ino } = statSync(folder);
    return `${dev} ${ino}`;
  } catch {
    return '';
  }
}
