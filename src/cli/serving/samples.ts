import { catalogue } from '../../prologue/catalogue.ts';
import { idxHeader } from '../../prologue/idx.ts';
import { first, firstSamples } from '../../prologue/load-data.ts';
import { DataError, type FoundSet, NoDataError, readSet, type SetName } from '../../prologue/sets.ts';
import type { SetSize } from '../../settings/table.ts';
import { quoted } from '../learning/paths.ts';
import type { Content } from './server.ts';

/** What the page can show: grey images of 28 × 28. */
type ServedSet = Exclude<SetName, 'cifar10'>;
const servedSets: readonly ServedSet[] = ['mnist', 'fashion-mnist', 'kmnist'];

/** `/data/mnist/reduced/train/images` */
const PATH = new RegExp(`^/data/(${servedSets.join('|')})/(tiny|reduced|full)/(train|test)/(images|labels)$`);

/** The samples that lie on this machine, each set read once and verified. */
export class Samples {
  readonly #read: Promise<ReadonlyMap<ServedSet, FoundSet | string>>;

  constructor(dataDir: string | undefined, signal: AbortSignal) {
    this.#read = readAll(dataDir, signal);
    this.#read.catch(() => {}); // whoever asks is told
  }

  /** Which sets there are, and of each that there is not, why. */
  async atHand(): Promise<{ data: ServedSet[]; missing: Partial<Record<ServedSet, string>> }> {
    const data: ServedSet[] = [];
    const missing: Partial<Record<ServedSet, string>> = {};
    for (const [name, found] of await this.#read) {
      if (typeof found === 'string') missing[name] = found;
      else data.push(name);
    }
    return { data, missing };
  }

  /**
   * A file of MNIST's form, with nothing in it but the samples that are used; undefined where the path is none of theirs.
   *
   * @throws DataError where the set is not on this machine.
   */
  async at(path: string): Promise<Content | undefined> {
    const [, name, size, half, kind] = PATH.exec(path) ?? [];
    if (name === undefined) return undefined;
    const found = (await this.#read).get(name as ServedSet)!;
    if (typeof found === 'string') throw new DataError(found);
    const all = found[half as 'train' | 'test'];
    const used = (size as SetSize) === 'full' ? all.count : firstSamples[size as 'tiny' | 'reduced'][half as 'train'];
    const { images, labels, count, shape } = first(used, all);
    const [, rows, columns] = shape;
    const parts = kind === 'images' ? [idxHeader([count, rows, columns]), images] : [idxHeader([count]), labels];
    return { type: 'application/octet-stream', parts };
  }
}

const onNote = (line: string): void => void process.stderr.write(`longhand: ${line}\n`);

/** One after the other, MNIST first. */
async function readAll(
  dataDir: string | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<ServedSet, FoundSet | string>> {
  const found = new Map<ServedSet, FoundSet | string>();
  for (const name of servedSets)
    found.set(
      name,
      await readSet(name, { dataDir, download: false, onNote, signal }).catch(error => {
        if (error instanceof NoDataError) return whereFrom(name, dataDir);
        if (error instanceof DataError) return error.message;
        throw error;
      }),
    );
  return found;
}

function whereFrom(name: ServedSet, dataDir: string | undefined): string {
  const { title } = catalogue[name];
  const fetching = ['longhand data', ...(name === 'mnist' ? [] : [name])].join(' ');
  return dataDir === undefined
    ? `${title} is not on this machine: \`${fetching}\` fetches it`
    : `${title} is not in ${dataDir}: \`${fetching} --data-dir ${quoted(dataDir)}\` fetches it`;
}
