import { dataFolders, readFile } from '#platform';
import {
  type Contents,
  catalogue,
  type DataFile,
  type DataSet,
  knownFile,
  type Packing,
  type RawSet,
  type SetName,
} from './catalogue.ts';
import { DataError, NoDataError } from './data-error.ts';
import { gunzip, isGzip } from './gunzip.ts';
import { sha256 } from './sha256.ts';

export type { RawSet, SetName } from './catalogue.ts';
export { DataError, NoDataError } from './data-error.ts';

/** How far the download of a file has come, in bytes. */
export interface Progress {
  readonly file: string;
  readonly received: number;
  /** Undefined where the server did not say. */
  readonly total: number | undefined;
}

/** Where {@link readSet} looks and whom it tells. */
export interface ReadOptions {
  /** Only this folder is searched, and nothing is downloaded. Without it: $PYTORCH_DATA_DIR, ./data, the cache. */
  readonly dataDir?: string | undefined;
  /** Whether to download what lies nowhere; true if left out. */
  readonly download?: boolean | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told, in a line, what a person may want to know though nothing failed. */
  readonly onNote?: ((line: string) => void) | undefined;
  /** Stops the reading; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A data set, and the folder it came from. */
export interface FoundSet {
  readonly train: RawSet;
  readonly test: RawSet;
  readonly source: string;
}

/**
 * Reads a data set from the first folder in which it lies. Its files may be gzipped or not, in the layout of this
 * package (`mnist/`), of torchvision (`mnist/MNIST/raw/`), or in the folder itself.
 *
 * Every file is checked against its SHA-256. Of Fashion-MNIST, KMNIST and CIFAR-10 only the checksums of the files as
 * they are handed out are known: where they were packed anew, their structure alone is checked, and `onNote` is told.
 *
 * @throws NoDataError where it lies nowhere and cannot be fetched.
 * @throws DataError where a file was found that is not what it should be. It is never used, nor passed over.
 */
export async function readSet(name: SetName, options: ReadOptions = {}): Promise<FoundSet> {
  return readDataSet(catalogue[name], options);
}

/** {@link readSet} for any data set, such as the small ones of the tests. */
export async function readDataSet(set: DataSet, options: ReadOptions = {}): Promise<FoundSet> {
  const { dataDir, signal } = options;
  const folders = dataDir === undefined ? dataFolders() : [dataDir];
  const missing: string[] = [];
  for (const folder of folders) {
    for (const layout of set.layouts) {
      for (const packing of set.packings) {
        signal?.throwIfAborted();
        const place = layout === '.' ? folder : `${folder}/${layout}`;
        const found = await readPlace(set, packing, place, options);
        if ('train' in found) return found;
        if (found.missing.length < packing.files.length)
          missing.push(`${place} lacks ${found.missing.map(file => file.name).join(', ')}`);
      }
    }
  }
  throw new NoDataError(nowhere(set, folders, missing));
}

function nowhere(set: DataSet, folders: readonly string[], missing: readonly string[]): string {
  const below = set.layouts.filter(layout => layout !== '.').join(', ');
  const partly = missing.length === 0 ? '' : ` (${missing.join('; ')})`;
  return `${set.title} lies in none of ${folders.join(', ')}, neither there nor below in ${below}${partly}`;
}

/** The set as it lies in one folder, or the files that are missing there. */
async function readPlace(
  set: DataSet,
  packing: Packing,
  place: string,
  { onNote, signal }: ReadOptions,
): Promise<FoundSet | { missing: DataFile[] }> {
  const found = await Promise.all(packing.files.map(file => findFile(file, place)));
  const missing = packing.files.filter((_, i) => found[i] === undefined);
  if (missing.length > 0) return { missing };
  signal?.throwIfAborted();
  const files = found as Contents[];
  try {
    const checks = await Promise.all(packing.files.map((file, i) => unpackFile(file, files[i]!)));
    const halves = packing.unpack(checks.map(check => check.contents));
    // What a file holds says more about what is wrong with it than a checksum does, so that comes last.
    for (const { mismatch } of checks) if (mismatch !== undefined) throw new DataError(mismatch);
    const unproved = packing.files.filter((_, i) => !checks[i]!.proved);
    if (unproved.length > 0)
      onNote?.(
        `${set.title} in ${place}: no checksum is known for ${unproved.map(file => file.name).join(', ')} ` +
          'as they lie there; their structure is right',
      );
    return { ...halves, source: place };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`${error.message}. Delete or replace it; \`longhand data ${set.name}\` fetches a good copy`);
  }
}

/** A file and the path it was found at, gzipped or not: the gzipped one first, whose checksum is always known. */
async function findFile({ name, length }: DataFile, place: string): Promise<Contents | undefined> {
  // What cannot be compressed grows a little, by far less than a 64th.
  const limit = length + (length >> 6) + 1024;
  for (const path of [`${place}/${name}.gz`, `${place}/${name}`]) {
    const bytes = await readFile(path, limit);
    if (bytes !== undefined) return { bytes, path };
  }
  return undefined;
}

/** What a file holds, whether its checksum proves it, and if not and one is known for certain, the error to raise. */
async function unpackFile(
  file: DataFile,
  { bytes, path }: Contents,
): Promise<{ contents: Contents; proved: boolean; mismatch?: string }> {
  let contents = bytes;
  if (isGzip(bytes)) {
    const [packedSum, unpacked] = await Promise.all([sha256(bytes), gunzip(bytes, file.length, path)]);
    if (packedSum === file.gzipSha256) return { contents: { bytes: unpacked, path }, proved: true };
    contents = unpacked;
  }
  const sum = await sha256(contents);
  const proved = sum === file.sha256;
  const other = knownFile(sum);
  if (proved || (file.sha256 === undefined && other === undefined))
    return { contents: { bytes: contents, path }, proved };
  const wanted = file.sha256 ?? `${file.gzipSha256} when gzipped`;
  const whose = other === undefined ? '' : `, that of ${other},`;
  const mismatch = `${path}: its SHA-256 is ${sum}${whose} where ${wanted} was wanted`;
  return { contents: { bytes: contents, path }, proved, mismatch };
}
