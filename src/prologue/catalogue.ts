import { cifarArchive, cifarBatches } from './cifar.ts';
import { parseIdx } from './idx.ts';
import type { Contents, DataFile, Packing, RawSet } from './packing.ts';

/** A data set: where its files lie, how they are packed, and where they can be had. */
export interface DataSet {
  /** Its name on the command line, and of its folder in the cache and on a mirror of one's own. */
  readonly name: string;
  readonly title: string;
  /** The folders, below one that is searched, in which its files may lie: first Longhand's own, then torchvision's. */
  readonly layouts: readonly string[];
  /** The first is how the mirrors pack it. */
  readonly packings: readonly [Packing, ...Packing[]];
  /** The addresses, but for the file's name, at which its gzipped files can be had. */
  readonly mirrors: readonly string[];
}

/** The four IDX files of MNIST and of the sets made in its image: 10 classes, grey images. */
export function idxPacking(
  counts: { train: number; test: number },
  [rows, columns]: readonly [number, number],
  checksums: Partial<Record<string, { sha256?: string; gzipSha256?: string }>>,
): Packing {
  const file = (name: string, dims: readonly number[]): DataFile => ({
    name,
    alias: name.replace('-idx', '.idx'), // as the files are called that some programs unpack
    length: 4 + 4 * dims.length + dims.reduce((product, dim) => product * dim),
    ...checksums[name],
  });
  const imageDims = (count: number) => [count, rows, columns] as const;
  const half = (count: number, images: Contents, labels: Contents): RawSet => ({
    images: parseIdx(images.bytes, { dims: imageDims(count) }, images.path),
    labels: parseIdx(labels.bytes, { dims: [count], classes: 10 }, labels.path),
    count,
    shape: [1, rows, columns],
  });
  return {
    files: [
      file('train-images-idx3-ubyte', imageDims(counts.train)),
      file('train-labels-idx1-ubyte', [counts.train]),
      file('t10k-images-idx3-ubyte', imageDims(counts.test)),
      file('t10k-labels-idx1-ubyte', [counts.test]),
    ],
    unpack: contents => ({
      train: half(counts.train, contents[0]!, contents[1]!),
      test: half(counts.test, contents[2]!, contents[3]!),
    }),
  };
}

const MNIST_COUNTS = { train: 60000, test: 10000 };
const MNIST_SIZE = [28, 28] as const;

const mnist: DataSet = {
  name: 'mnist',
  title: 'MNIST',
  layouts: ['mnist', 'mnist/MNIST/raw', 'MNIST/raw', '.'],
  packings: [
    idxPacking(MNIST_COUNTS, MNIST_SIZE, {
      'train-images-idx3-ubyte': {
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
        gzipSha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
      },
      'train-labels-idx1-ubyte': {
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
        gzipSha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
      },
      't10k-images-idx3-ubyte': {
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
        gzipSha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
      },
      't10k-labels-idx1-ubyte': {
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
        gzipSha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      },
    }),
  ],
  mirrors: ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'https://storage.googleapis.com/cvdf-datasets/mnist/'],
};

const fashionMnist: DataSet = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  layouts: ['fashion-mnist', 'fashion-mnist/FashionMNIST/raw', 'FashionMNIST/raw', '.'],
  packings: [
    idxPacking(MNIST_COUNTS, MNIST_SIZE, {
      'train-images-idx3-ubyte': { gzipSha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84' },
      'train-labels-idx1-ubyte': { gzipSha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845' },
      't10k-images-idx3-ubyte': { gzipSha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073' },
      't10k-labels-idx1-ubyte': { gzipSha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5' },
    }),
  ],
  // Plain http: the checksums are what proves the files, on every mirror.
  mirrors: ['http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'],
};

const kmnist: DataSet = {
  name: 'kmnist',
  title: 'KMNIST',
  layouts: ['kmnist', 'kmnist/KMNIST/raw', 'KMNIST/raw', '.'],
  packings: [
    idxPacking(MNIST_COUNTS, MNIST_SIZE, {
      'train-images-idx3-ubyte': { gzipSha256: '51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4' },
      'train-labels-idx1-ubyte': { gzipSha256: 'e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17' },
      't10k-images-idx3-ubyte': { gzipSha256: 'edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5' },
      't10k-labels-idx1-ubyte': { gzipSha256: '20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c' },
    }),
  ],
  mirrors: ['http://codh.rois.ac.jp/kmnist/dataset/kmnist/'],
};

const cifar10: DataSet = {
  name: 'cifar10',
  title: 'CIFAR-10',
  layouts: ['cifar10', 'cifar10/cifar-10-batches-bin', 'cifar-10-batches-bin', '.'],
  packings: [
    cifarArchive(10000, 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd'),
    cifarBatches(10000),
  ],
  mirrors: ['https://www.cs.toronto.edu/~kriz/'],
};

/** The name of a data set. */
export type SetName = 'mnist' | 'fashion-mnist' | 'kmnist' | 'cifar10';

/** Every data set that Longhand can read, by name. */
export const catalogue: Readonly<Record<SetName, DataSet>> = { mnist, 'fashion-mnist': fashionMnist, kmnist, cifar10 };

/** Which known file has this checksum, gzipped or not: "Fashion-MNIST's train-images-idx3-ubyte". */
export function knownFile(sha256: string): string | undefined {
  for (const { title, packings } of Object.values(catalogue))
    for (const { files } of packings)
      for (const file of files)
        if (file.sha256 === sha256 || file.gzipSha256 === sha256) return `${title}'s ${file.name}`;
  return undefined;
}
