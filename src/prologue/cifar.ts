import { DataError } from './data-error.ts';
import { checkLabels } from './idx.ts';
import type { Contents, Packing, RawSet } from './packing.ts';
import { filesOfTar } from './tar.ts';

/**
 * The binary version of CIFAR-10: files of records, each a label byte and 3 × 32 × 32 pixels, red, green, then blue.
 * Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009), and the data's own page.
 */
const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;

const TRAIN_FILES = [1, 2, 3, 4, 5].map(n => `data_batch_${n}.bin`);
const TEST_FILE = 'test_batch.bin';
const FOLDER = 'cifar-10-batches-bin';

/** @throws DataError where a batch has another length than `records` records, or a label above 9. */
function setOf(batches: readonly Contents[], records: number): RawSet {
  const count = records * batches.length;
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  batches.forEach(({ bytes, path }, batch) => {
    const length = records * RECORD;
    if (bytes.length !== length)
      throw new DataError(
        `${path}: ${bytes.length} bytes long, where ${records} records of ${RECORD} bytes, ${length}, were wanted`,
      );
    const first = batch * records;
    for (let r = 0; r < records; r++) {
      const at = r * RECORD;
      labels[first + r] = bytes[at]!;
      images.set(bytes.subarray(at + 1, at + RECORD), (first + r) * PIXELS);
    }
    checkLabels(labels.subarray(first, first + records), 10, path);
  });
  return { images, labels, count, shape: [3, 32, 32] };
}

/** CIFAR-10 as six files of `records` images each: 10,000 in the real one. */
export function cifarBatches(records: number): Packing {
  return {
    files: [...TRAIN_FILES, TEST_FILE].map(name => ({ name, length: records * RECORD })),
    unpack: contents => ({
      train: setOf(contents.slice(0, TRAIN_FILES.length), records),
      test: setOf(contents.slice(TRAIN_FILES.length), records),
    }),
  };
}

/** CIFAR-10 as the archive in which it is handed out. */
export function cifarArchive(records: number, gzipSha256: string): Packing {
  const batches = cifarBatches(records);
  return {
    // Beside the six files the archive holds a page, a list of names, headers and padding: far less than 1 MB.
    files: [{ name: 'cifar-10-binary.tar', length: 6 * records * RECORD + 1e6, gzipSha256 }],
    unpack: ([archive]) => {
      const { bytes, path } = archive!;
      const members = filesOfTar(bytes, path);
      return batches.unpack(
        batches.files.map(({ name }) => {
          const member = members.get(`${FOLDER}/${name}`) ?? members.get(`./${FOLDER}/${name}`);
          if (member === undefined) throw new DataError(`${path}: has no member ${FOLDER}/${name}`);
          return { bytes: member, path: `${path}: ${name}` };
        }),
      );
    },
  };
}
