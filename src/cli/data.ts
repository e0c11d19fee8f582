import { type Progress, readSet, type SetName } from '../prologue/sets.ts';

/** What `longhand data` is told on the command line. */
export interface DataOptions {
  /** The set's files are looked for here alone, and downloaded to here. Without it: where `train` looks, and the cache. */
  readonly dataDir?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * `longhand data [NAME]`: fetches what is missing of a data set and verifies all of it, so that everything afterwards
 * works without a network. The result goes to stdout, progress and notes to stderr.
 *
 * @throws NoDataError where it lies nowhere and cannot be downloaded, DataError where a file is wrong.
 */
export async function fetchData(name: SetName, { dataDir, signal }: DataOptions = {}): Promise<void> {
  const bar = process.stderr.isTTY ? progressLine() : undefined;
  const { train, test, source, downloaded } = await readSet(name, {
    dataDir,
    download: true,
    onNote: line => process.stderr.write(`${line}\n`),
    onProgress: bar?.show,
    signal,
  }).finally(() => bar?.clear());
  const how = downloaded.length === 0 ? 'was there already' : `downloaded ${downloaded.join(', ')}`;
  process.stdout.write(
    `${name}: ${train.count} training and ${test.count} test images in ${source}, all files checked (${how})\n`,
  );
}

/** One line of a terminal that is written over and over. */
function progressLine(): { show(progress: Progress): void; clear(): void } {
  const erase = '\r\x1b[2K';
  let shownAt = 0;
  return {
    show({ file, received, total }) {
      const now = performance.now();
      if (now - shownAt < 100 && received !== total) return;
      shownAt = now;
      const percent = total === undefined ? '' : ` of ${total} bytes, ${Math.floor((100 * received) / total)}%`;
      process.stderr.write(`${erase}${file} ${received}${percent || ' bytes'}`);
    },
    clear: () => process.stderr.write(erase),
  };
}
