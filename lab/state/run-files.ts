import type { SavedRun } from '../training/protocol.ts';

/** A file that was chosen, dropped or unzipped; `path` is below the folder that it came with, if it came with one. */
export interface GivenFile {
  readonly path: string;
  readonly size: number;
  bytes(): Promise<Uint8Array>;
}

/** A million hidden units take 6.4 GB and cannot be looked at here; a page is given up long before. */
const MOST_BYTES = 500e6;
/** A small zip can hold very much, and the page stands still meanwhile. */
const MOST_UNZIPPED = 50e6;

/** @throws Error that says in a sentence why there is no run among these files. */
export async function runAmong(files: readonly GivenFile[]): Promise<SavedRun> {
  const all = (await Promise.all(files.map(opened))).flat();
  const checkpoint = theOne(all);
  const folder = checkpoint.path.slice(0, checkpoint.path.lastIndexOf('/') + 1);
  const log = all.find(({ path }) => path === `${folder}log.csv`);
  return {
    name: nameOf(checkpoint.path),
    checkpoint: await checkpoint.bytes(),
    log: log && new TextDecoder().decode(await log.bytes()),
  };
}

function theOne(files: readonly GivenFile[]): GivenFile {
  const networks = files.filter(({ path }) => path.endsWith('.safetensors'));
  const runs = networks.filter(({ path }) => /(^|\/)checkpoint\.safetensors$/.test(path));
  const [found, another] = runs.length > 0 ? runs : networks;
  if (found === undefined)
    throw new Error(
      `${files.length === 1 ? files[0]!.path : 'What you chose'} holds no run: no checkpoint.safetensors. A run is the folder that ` +
        '`longhand train --out` writes, or the zip that is saved here',
    );
  if (another !== undefined)
    throw new Error(`There are several runs in it, ${found.path} and ${another.path} among them: open one of them`);
  if (found.size > MOST_BYTES)
    throw new Error(`${found.path} has ${Math.round(found.size / 1e6)} MB: too much for a page`);
  return found;
}

/** What is in a zip; a file that is none is itself. */
async function opened(file: GivenFile): Promise<readonly GivenFile[]> {
  if (!/\.zip$/i.test(file.path)) return [file];
  if (file.size > MOST_BYTES)
    throw new Error(`${file.path} has ${Math.round(file.size / 1e6)} MB: too much for a page`);
  const { unzipSync } = await import('fflate');
  let entries: Record<string, Uint8Array>;
  let unzipped = 0;
  try {
    entries = unzipSync(await file.bytes(), {
      filter: ({ name, originalSize }) => {
        const isWanted = /(\.safetensors|(^|\/)log\.csv)$/.test(name) && !name.startsWith('__MACOSX/');
        if (isWanted) unzipped += originalSize;
        return isWanted && unzipped <= MOST_UNZIPPED;
      },
    });
  } catch (cause) {
    throw new Error(`${file.path} is no zip that can be read: it may be cut, or damaged`, { cause });
  }
  if (unzipped > MOST_UNZIPPED)
    throw new Error(`${file.path} becomes ${Math.round(unzipped / 1e6)} MB: too much for a page. Unzip it elsewhere`);
  return Object.entries(entries).map(([path, bytes]) => ({
    path: `${file.path}/${path}`,
    size: bytes.length,
    bytes: async () => bytes,
  }));
}

/** A run is called as its folder, or as the zip that its folder lies in; a lone checkpoint as its file. */
function nameOf(path: string): string {
  const parts = path.split('/');
  const zip = parts.find(part => /\.zip$/i.test(part));
  return zip ?? (parts.length > 1 && parts.at(-1) === 'checkpoint.safetensors' ? parts.at(-2)! : parts.at(-1)!);
}
