import { writeFileSync } from 'node:fs';
import { Argument, Command } from 'commander';
import { encode } from 'fast-png';
import { cacheFolder } from '#platform';
import { reasonOf } from '../platform/file-error.ts';
import {
  type ContactSheet,
  contactSheet,
  DataError,
  type DataSetName,
  drawnDigits,
  NoDataError,
} from '../prologue/index.ts';
import { dataSetNames } from '../prologue/load-data.ts';
import { type FoundSet, readSet, type SetName } from '../prologue/sets.ts';
import { LonghandError } from '../tensor/index.ts';
import { addDataDir, type DataDir } from './data-dir.ts';
import { downloadLine } from './download-line.ts';
import { untilInterrupted } from './interrupt.ts';
import { belowHelp } from './wrap.ts';

interface DataOptions extends DataDir {
  readonly sheet?: string;
}

/** `longhand data`: fetch and verify a data set beforehand, for a class or a journey. */
export function dataCommand(): Command {
  const command = new Command('data')
    .description('fetch a data set and verify it, so that everything afterwards works without a network')
    .addArgument(new Argument('[name]', 'the data set').choices(dataSetNames).default('mnist'));
  return addDataDir(command, 'look for the files here alone, and download what is missing into it')
    .option('--sheet <file.png>', 'write a picture of twenty digits of each class; of `drawn`, with those of MNIST')
    .addHelpText('after', () => belowHelp(whereFrom()))
    .action(async (name: DataSetName, { sheet, dataDir }: DataOptions) => {
      if (sheet !== undefined) await writeSheet(name, sheet, dataDir);
      else if (name === 'drawn') process.stdout.write('drawn: nothing to fetch, Longhand makes these digits itself\n');
      else await fetchSet(name, dataDir);
    });
}

const whereFrom = () => `
Without --data-dir the files are looked for in $PYTORCH_DATA_DIR, in ./data and in the cache,
${cacheFolder() ?? 'which needs HOME'}, and downloaded into the cache. The proxy in HTTP_PROXY,
HTTPS_PROXY and NO_PROXY is used. LONGHAND_MIRROR may name a mirror of your own, that is asked first:
for https://school.example/data it should have https://school.example/data/mnist/train-images-idx3-ubyte.gz`;

/** The result goes to stdout, progress and notes to stderr. */
async function fetchSet(name: SetName, dataDir: string | undefined): Promise<void> {
  const { train, test, source, downloaded, unproved } = await read(name, dataDir, true);
  const how = downloaded.length === 0 ? 'was there already' : `downloaded ${downloaded.join(', ')}`;
  const counts = `${train.count} training and ${test.count} test images`;
  const checked =
    unproved.length === 0
      ? 'all files checked'
      : `only the structure checked of ${unproved.join(', ')}, of which no checksum is known`;
  process.stdout.write(`${name}: ${counts} in ${source}, ${checked} (${how})\n`);
}

function read(name: SetName, dataDir: string | undefined, download: boolean): Promise<FoundSet> {
  const line = downloadLine();
  const onNote = (text: string) => {
    line.clear();
    process.stderr.write(`longhand: ${text}\n`);
  };
  const signal = untilInterrupted(by => `data: stopped by ${by}; what was complete of ${name} is kept`);
  return readSet(name, { dataDir, download, onNote, onProgress: line.show, signal }).finally(line.clear);
}

const COLUMNS = 20;

async function writeSheet(name: DataSetName, file: string, dataDir: string | undefined): Promise<void> {
  if (!/\.png$/i.test(file)) throw new LonghandError(`data: --sheet is '${file}'; it wants the name of a .png file`);
  if (name === 'cifar10') throw new LonghandError('data: --sheet draws grey images, and those of cifar10 have colours');
  const sheets: ContactSheet[] = [];
  if (name === 'drawn') {
    const { images, labels } = drawnDigits({ count: 1000 });
    sheets.push(contactSheet(images, labels, COLUMNS));
  }
  try {
    const { train } = await read(name === 'drawn' ? 'mnist' : name, dataDir, name !== 'drawn');
    sheets.push(contactSheet(train.images, train.labels, COLUMNS));
  } catch (error) {
    if (!(error instanceof DataError) || name !== 'drawn') throw error;
    const why = error instanceof NoDataError ? 'there is none at hand' : error.message;
    process.stderr.write(`longhand: MNIST is not shown beside the drawn digits: ${why}\n`);
  }
  const { width, height, pixels } = sideBySide(sheets);
  try {
    writeFileSync(file, encode({ width, height, data: pixels, channels: 1, depth: 8 }));
  } catch (error) {
    throw new LonghandError(`data: ${file}: cannot be written: ${reasonOf(error)}`, { cause: error });
  }
  const halves = sheets.length === 2 ? ", the drawn digits on the left, MNIST's on the right" : '';
  process.stdout.write(`${file}: ${width} × ${height}${halves}\n`);
}

/** Sheets of one height from left to right, a strip of grey between them. */
function sideBySide(sheets: readonly ContactSheet[]): ContactSheet {
  const gap = 8;
  const { height } = sheets[0]!;
  const width = sheets.reduce((sum, sheet) => sum + sheet.width + gap, -gap);
  const pixels = new Uint8Array(width * height).fill(96);
  let left = 0;
  for (const sheet of sheets) {
    for (let y = 0; y < height; y++) {
      pixels.set(sheet.pixels.subarray(y * sheet.width, (y + 1) * sheet.width), y * width + left);
    }
    left += sheet.width + gap;
  }
  return { width, height, pixels };
}
