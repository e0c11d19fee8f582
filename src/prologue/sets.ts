import {
  cacheFolder,
  dataFolders,
  download,
  FileError,
  ownMirror,
  pageAddress,
  readFile,
  sha256,
  whyNoFolder,
} from '#platform';
import { LonghandError } from '../tensor/errors.ts';
import { catalogue, type DataSet, knownFile, type SetName } from './catalogue.ts';
import { DataError, NoDataError } from './data-error.ts';
import { gunzip, isGzip } from './gunzip.ts';
import { isPage } from './idx.ts';
import type { Contents, DataFile, Packing, RawSet } from './packing.ts';

export type { SetName } from './catalogue.ts';
export { DataError, NoDataError } from './data-error.ts';
export type { RawSet } from './packing.ts';

/** How far the download of a file has come, in bytes. */
export interface Progress {
  readonly file: string;
  /** The mirror that is asked: its name, and port if it has one. */
  readonly from: string;
  readonly received: number;
  /** Undefined where the server did not say. */
  readonly total: number | undefined;
}

/** Where {@link readSet} looks and whom it tells. */
export interface ReadOptions {
  /** Only this folder is searched. Without it: $PYTORCH_DATA_DIR, ./data, the cache. */
  readonly dataDir?: string | undefined;
  /** Whether to download what lies nowhere, into the cache or `dataDir`. Unless asked otherwise only without a `dataDir`. */
  readonly download?: boolean | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told, in a line, what a person may want to know though nothing failed. */
  readonly onNote?: ((line: string) => void) | undefined;
  /** Stops the reading; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A data set, the folder it came from, and what is to be said about its files. */
export interface FoundSet {
  readonly train: RawSet;
  readonly test: RawSet;
  readonly source: string;
  /** The files that were downloaded just now. */
  readonly downloaded: readonly string[];
  /** The files of which no checksum is known as they lie there: their structure alone was checked. */
  readonly unproved: readonly string[];
}

/**
 * Reads a data set from the first folder in which it lies. Its files may be gzipped or not, in the layout of this
 * package (`mnist/`), of torchvision (`mnist/MNIST/raw/`), or in the folder itself. Those of MNIST and its kin may also
 * be called `train-images.idx3-ubyte`, or lie in a folder of their name, as Kaggle hands them out. A page, where each
 * question is one to a server, asks for the names of the mirrors alone, and for nothing more where the first is missing.
 *
 * Every file is checked against its SHA-256. Of Fashion-MNIST, KMNIST and CIFAR-10 only the checksums of the files as
 * they are handed out are known: where they were packed anew, their structure alone is checked, and `onNote` is told.
 *
 * What lies nowhere is downloaded, in Node. The environment variable LONGHAND_MIRROR may give the address of a server
 * of one's own, which is asked before the official mirrors: for `https://school.example/data` the first file of MNIST is
 * `https://school.example/data/mnist/train-images-idx3-ubyte.gz`. The same checksums hold for it.
 *
 * @throws LonghandError where `dataDir` is no path.
 * @throws NoDataError where it lies nowhere and cannot be fetched.
 * @throws DataError where a file was found that is not what it should be. It is never used, nor passed over. In the
 * cache, which is Longhand's own, it is fetched again, and `onNote` is told what was wrong.
 */
export async function readSet(name: SetName, options: ReadOptions = {}): Promise<FoundSet> {
  return readDataSet(catalogue[name], options);
}

/** {@link readSet} for any data set, such as the small ones of the tests. */
export async function readDataSet(set: DataSet, options: ReadOptions = {}): Promise<FoundSet> {
  const { dataDir } = options;
  if (dataDir !== undefined && (typeof dataDir !== 'string' || dataDir === ''))
    throw new LonghandError(`dataDir is ${JSON.stringify(dataDir)}; it wants a string, the path of a folder`);
  const folders = dataDir === undefined ? dataFolders() : [dataDir];
  const incomplete: string[] = [];
  let damaged: Error | undefined;
  for (const folder of folders) {
    for (const layout of set.layouts) {
      for (const packing of set.packings) {
        const place = layout === '.' ? folder : `${folder}/${layout}`;
        const found = await readPlace(set, packing, place, options).catch(error => {
          const isOurs = dataDir === undefined && folder === cacheFolder();
          if (!isOurs || options.download === false || !isFault(error)) throw refused(error, set, options);
          damaged ??= error;
          incomplete.push(error.message);
        });
        if (found === undefined) continue;
        if ('train' in found) return { ...found, downloaded: [] };
        if (found.missing.length < packing.files.length)
          incomplete.push(`${place} lacks ${found.missing.map(file => file.name).join(', ')}`);
      }
    }
  }

  const files = set.packings[0].files.map(file => `${file.name}.gz`).join(', ');
  const below = set.layouts.filter(layout => layout !== '.').join(', ');
  const partly = incomplete.length === 0 ? '' : ` (${incomplete.join('; ')})`;
  const whose = folders.length === 1 ? 'its' : 'their';
  const page = pageAddress();
  const where = page === undefined ? '' : `; folders are relative to the page, ${page}`;
  const nowhere = `${set.title} is not in ${folders.join(', ')}, nor in ${whose} subfolders ${below}${where}${partly}`;
  const home = dataDir ?? cacheFolder();
  const own = `${home}/${set.layouts[0]}`;
  if (home === undefined || download === undefined) throw new NoDataError(`${nowhere}. Put ${files} into one of these`);
  if (options.download === false)
    throw new NoDataError(`${nowhere}, and was not to be downloaded. Put ${files} into ${own}`);
  if (options.download === undefined && dataDir !== undefined) {
    const why = await whyNoFolder(dataDir);
    const lacking = why === undefined ? nowhere : `${set.title} is not in ${dataDir}: ${why}`;
    throw new NoDataError(`${lacking}. Put ${files} there; or \`${fetching(set, options)}\` downloads them there`);
  }
  try {
    if (damaged !== undefined) options.onNote?.(`${sentence(damaged.message)} It is fetched again`);
    return await downloadInto(own, set, options, damaged !== undefined);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new NoDataError(`${nowhere}, and cannot be downloaded: ${error.message}. Put ${files} into ${own} by hand`, {
      cause: error,
    });
  }
}

/** The command that fetches a set to where it was looked for. */
function fetching({ name }: DataSet, { dataDir }: ReadOptions): string {
  const folder = dataDir ?? (pageAddress() === undefined ? undefined : dataFolders()[0]);
  return `longhand data ${name}${folder === undefined ? '' : ` --data-dir ${folder}`}`;
}

/** A file is not what it should be, or cannot be read; any other error is none of the data's. */
const isFault = (error: unknown): error is DataError | FileError =>
  error instanceof DataError || error instanceof FileError;

/** The error about a file that is the user's own. To move it away helps only where what lies there is wrong. */
function refused(error: unknown, set: DataSet, options: ReadOptions): unknown {
  if (!isFault(error) || error instanceof OtherSetError) return error;
  if (error instanceof FileError && error.found === undefined) return new DataError(error.message, { cause: error });
  const advice = `Move it away, and \`${fetching(set, options)}\` fetches a good copy`;
  return new DataError(`${sentence(error.message)} ${advice}`, { cause: error });
}

/** A message with the full stop that it lacks. */
const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);

/**
 * Downloads those files of a set that are missing in a folder, and reads it from there. Where one was found to be
 * `damaged`, all that no checksum proves count as missing.
 */
async function downloadInto(place: string, set: DataSet, options: ReadOptions, damaged: boolean): Promise<FoundSet> {
  const packing = set.packings[0];
  const own = ownMirror();
  let mirrors = own === undefined ? set.mirrors : [`${own.replace(/\/+$/, '')}/${set.name}/`, ...set.mirrors];
  const downloaded: string[] = [];
  for (const file of packing.files) {
    const isThere = await liesIn(place, file, damaged).catch(error => {
      throw refused(error, set, options);
    });
    if (isThere) continue;
    if (downloaded.length === 0) options.onNote?.(`downloading ${set.title} into ${place}`);
    const name = `${file.name}.gz`;
    const path = `${place}/${name}`;
    const urls = mirrors.map(mirror => mirror + name);
    let from: string;
    try {
      from = await download!({
        urls,
        path,
        limit: packedLimit(file),
        refuse: bytes => refusal(file, bytes, path),
        onProgress: (url, received, total) => options.onProgress?.({ file: name, from: hostOf(url), received, total }),
        signal: options.signal,
      });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const reason = error.operation === 'fetched' ? error.reason : error.message;
      throw new DownloadError(reason, { cause: error });
    }
    downloaded.push(name);
    // The mirror that had one file has the others: ask it first, rather than wait for a dead one once more.
    const winner = mirrors[urls.indexOf(from)]!;
    mirrors = [winner, ...mirrors.filter(mirror => mirror !== winner)];
  }
  const found = await readPlace(set, packing, place, options).catch(error => {
    throw refused(error, set, options);
  });
  if ('train' in found) return { ...found, downloaded };
  throw new DataError(`${place}: ${found.missing.map(file => file.name).join(', ')} vanished while being read`);
}

/** Whether a file need not be downloaded. */
async function liesIn(place: string, file: DataFile, damaged: boolean): Promise<boolean> {
  try {
    const found = await findFile(file, place, file);
    return found !== undefined && (!damaged || (await unpackFile(file, found, file.length)).proved);
  } catch (error) {
    if (damaged && isFault(error)) return false;
    throw error;
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** What {@link download} says, to which {@link readDataSet} adds where else it looked. */
class DownloadError extends DataError {}

/** Why a downloaded file is not the one that was wanted: by its checksum, gzipped or not, and by nothing less. */
async function refusal(file: DataFile, bytes: Uint8Array, path: string): Promise<string | undefined> {
  const packedSum = await sha256(bytes);
  if (packedSum === file.gzipSha256) return undefined;
  if (isPage(bytes)) return 'sent a page of HTML or XML in place of the file';
  if (file.sha256 !== undefined) {
    try {
      const contents = isGzip(bytes) ? await gunzip(bytes, file.length, path) : bytes;
      if ((await sha256(contents)) === file.sha256) return undefined;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  }
  return `sent ${bytes.length} bytes whose SHA-256 is ${packedSum}, where ${file.gzipSha256} was wanted`;
}

/** The set as it lies in one folder, or the files that are missing there. */
async function readPlace(
  set: DataSet,
  packing: Packing,
  place: string,
  options: ReadOptions,
): Promise<Omit<FoundSet, 'downloaded'> | { missing: DataFile[] }> {
  const { onNote, signal } = options;
  signal?.throwIfAborted();
  // One file may lie in another's place, and is best told from what it holds.
  const longest = packing.files.reduce((most, file) => (file.length > most.length ? file : most));
  const find = (file: DataFile) => findFile(file, place, longest);
  const first = find(packing.files[0]!);
  // a page asks a server for each of them
  if (pageAddress() !== undefined && (await first) === undefined) return { missing: [...packing.files] };
  const found = await Promise.all([first, ...packing.files.slice(1).map(find)]);
  const missing = packing.files.filter((_, i) => found[i] === undefined);
  if (missing.length > 0) return { missing };
  signal?.throwIfAborted();
  const files = found as Contents[];
  const checks = await Promise.all(packing.files.map((file, i) => unpackFile(file, files[i]!, longest.length)));
  const halves = packing.unpack(checks.map(check => check.contents));
  // What a file holds says more about what is wrong with it than a checksum does, so that comes last.
  for (const { mismatch } of checks) if (mismatch !== undefined) throw mismatch;
  const unproved = packing.files.filter((_, i) => !checks[i]!.proved).map(file => file.name);
  const there = unproved.length === 1 ? 'as it lies there; its structure' : 'as they lie there; their structure';
  if (unproved.length > 0)
    onNote?.(`${set.title} in ${place}: no checksum is known for ${unproved.join(', ')} ${there} is right`);
  return { ...halves, source: place, unproved };
}

/** The most bytes that a file can have, gzipped: what cannot be compressed grows a little, by far less than a 64th. */
function packedLimit({ length }: DataFile): number {
  return length + (length >> 6) + 1024;
}

/** A file and the path it was found at, in a folder or, as Kaggle has it, in a folder of the file's name there. */
async function findFile(
  file: DataFile,
  place: string,
  longest: DataFile,
  isInside = false,
): Promise<Contents | undefined> {
  let folder: FileError | undefined;
  for (const path of pathsOf(file, place)) {
    try {
      const bytes = await readFile(path, packedLimit(longest));
      if (bytes !== undefined) return { bytes, path };
    } catch (error) {
      if (isInside || !(error instanceof FileError) || error.found !== 'a folder') throw error;
      const inside = await findFile(file, path, longest, true);
      if (inside !== undefined) return inside;
      folder ??= error;
    }
  }
  if (folder !== undefined) throw folder;
  return undefined;
}

/** Where a file may lie in a folder. The gzipped one is preferred: of some sets only its checksum is known. */
function pathsOf({ name, alias }: DataFile, place: string): string[] {
  const names = alias === undefined || pageAddress() !== undefined ? [name] : [name, alias];
  return names.flatMap(name => [`${place}/${name}.gz`, `${place}/${name}`]);
}

/** What a file holds, whether its checksum proves it, and if not and one is known for certain, the error to raise. */
async function unpackFile(
  file: DataFile,
  { bytes, path }: Contents,
  limit: number,
): Promise<{ contents: Contents; proved: boolean; mismatch?: DataError }> {
  let contents = bytes;
  if (isGzip(bytes)) {
    const [packedSum, unpacked] = await Promise.all([sha256(bytes), gunzip(bytes, limit, path)]);
    if (packedSum === file.gzipSha256) return { contents: { bytes: unpacked, path }, proved: true };
    contents = unpacked;
  }
  const sum = await sha256(contents);
  const proved = sum === file.sha256;
  const found = { contents: { bytes: contents, path }, proved };
  const other = proved ? undefined : knownFile(sum);
  if (other !== undefined)
    return {
      ...found,
      mismatch: new OtherSetError(
        `${path}: is ${other}, not ${file.name} of the set that was asked for. Keep each set in a folder of its own`,
      ),
    };
  if (proved || file.sha256 === undefined) return found;
  return { ...found, mismatch: new DataError(`${path}: its SHA-256 is ${sum}, where ${file.sha256} was wanted`) };
}

/** A good file in the wrong place. Nobody should be told to delete it. */
class OtherSetError extends DataError {}
