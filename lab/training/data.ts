import { parseIdx } from '../../src/prologue/idx.ts';
import { MOST_IN_TENSORS } from '../../src/prologue/large-data.ts';
import { drawnSet, firstSamples, type OneHotData, preparedData } from '../../src/prologue/load-data.ts';
import type { RawSet } from '../../src/prologue/packing.ts';
import { type Settings, samplesOf } from '../../src/settings/table.ts';
import { LonghandError } from '../../src/tensor/index.ts';

/** The samples that a training uses, and no others: digits drawn here, or what `longhand lab` has on its machine. */
export async function dataFor({ dataset, size }: Pick<Settings, 'dataset' | 'size'>): Promise<OneHotData> {
  if (dataset === 'drawn') {
    const counts = samplesOf(size);
    if (counts.train > MOST_IN_TENSORS)
      throw new LonghandError(
        `a page draws ${MOST_IN_TENSORS} digits at the most, not ${size}: \`longhand train\` draws more`,
      );
    const { train: trainSet, test: testSet, source } = drawnSet(counts);
    return prepared({ dataset, source, trainSet, testSet });
  }
  if (!SERVED.includes(dataset))
    throw new LonghandError(`the lab has no ${dataset}: it trains on drawn digits, MNIST, Fashion-MNIST and KMNIST`);
  if (typeof size === 'number')
    throw new LonghandError(`only drawn digits can be had in any number, and ${size} of ${dataset} are asked for`);
  const [trainSet, testSet] = await Promise.all([served(dataset, size, 'train'), served(dataset, size, 'test')]);
  return prepared({ dataset, source: 'longhand lab', trainSet, testSet });
}

const prepared = (given: Parameters<typeof preparedData>[0]): OneHotData =>
  preparedData(given, { normalize: true, flatten: true, oneHotLabels: true }) as OneHotData;

/** The same for a page on a host of files, which has no other data than those that it draws. */
export async function drawnAlone(settings: Pick<Settings, 'dataset' | 'size'>): Promise<OneHotData> {
  if (settings.dataset === 'drawn') return dataFor(settings);
  throw new LonghandError(`this page has no ${settings.dataset}; \`npx longhand lab\` has it, on your own machine`);
}

/** What `longhand lab` serves of what lies on its machine. */
const SERVED: readonly string[] = ['mnist', 'fashion-mnist', 'kmnist'];

/** One set, as the two IDX files of MNIST with nothing in them but the samples that are used. */
async function served(dataset: string, size: 'full' | 'reduced' | 'tiny', set: 'train' | 'test'): Promise<RawSet> {
  const [images, labels] = await Promise.all(
    ['images', 'labels'].map(async kind => {
      // a worker's addresses are relative to its script
      const address = new URL(`../data/${dataset}/${size}/${set}/${kind}`, self.location.href).href;
      const response = await fetch(address).catch(cause => {
        throw new LonghandError(`${dataset} cannot be had: \`longhand lab\` does not answer. Start it again`, {
          cause,
        });
      });
      if (!response.ok) throw new LonghandError((await response.text()).trim() || `${address}: ${response.statusText}`);
      return { bytes: new Uint8Array(await response.arrayBuffer()), address };
    }),
  );
  const count = size === 'full' ? countIn(images!.bytes) : firstSamples[size][set];
  return {
    images: parseIdx(images!.bytes, { dims: [count, 28, 28] }, images!.address),
    labels: parseIdx(labels!.bytes, { dims: [count], classes: 10 }, labels!.address),
    count,
    shape: [1, 28, 28],
  };
}

/** The first of an IDX file's dimensions. */
const countIn = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
