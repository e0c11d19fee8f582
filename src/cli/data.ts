import { writeFileSync } from 'node:fs';
import { Argument, Command } from 'commander';
import { encode } from 'fast-png';
import { type ContactSheet, contactSheet, type DataSetName, drawnDigits, NoDataError } from '../prologue/index.ts';
import { dataSetNames } from '../prologue/load-data.ts';
import { readSet, type SetName } from '../prologue/sets.ts';
import { LonghandError } from '../tensor/index.ts';
import { downloadLine } from './progress.ts';

interface DataOptions {
  dataDir?: string;
  sheet?: string;
}

/** `longhand data`: fetch and verify a data set beforehand, for a class or a journey. */
export function dataCommand(): Command {
  return new Command('data')
    .description('fetch a data set and verify it, so that everything afterwards works without a network')
    .addArgument(new Argument('[name]', 'the data set').choices(dataSetNames).default('mnist'))
    .option('--data-dir <dir>', 'look for the files here alone, and download what is missing to here')
    .option('--sheet <file.png>', 'write a picture of twenty digits of each class, for `drawn` beside those of MNIST')
    .action(async (name: DataSetName, options: DataOptions) => {
      if (options.sheet !== undefined) await writeSheet(name, options.sheet, options);
      else if (name === 'drawn') process.stdout.write('drawn: nothing to fetch, Longhand makes these digits itself\n');
      else await fetchSet(name, options);
    });
}

/** The result goes to stdout, progress and notes to stderr. */
async function fetchSet(name: SetName, { dataDir }: DataOptions): Promise<void> {
  const { train, test, source, downloaded } = await read(name, dataDir, true);
  const how = downloaded.length === 0 ? 'was there already' : `downloaded ${downloaded.join(', ')}`;
  const counts = `${train.count} training and ${test.count} test images`;
  process.stdout.write(`${name}: ${counts} in ${source}, all files checked (${how})\n`);
}

function read(name: SetName, dataDir: string | undefined, download: boolean): ReturnType<typeof readSet> {
  const line = downloadLine(true);
  const abort = new AbortController();
  const stop = () => abort.abort(new LonghandError(`data: stopped by Ctrl-C; what was complete of ${name} is kept`));
  process.once('SIGINT', stop);
  const onNote = (text: string) => process.stderr.write(`longhand: ${text}\n`);
  return readSet(name, { dataDir, download, onNote, onProgress: line.show, signal: abort.signal }).finally(() => {
    line.clear();
    process.off('SIGINT', stop);
  });
}

const COLUMNS = 20;

async function writeSheet(name: DataSetName, file: string, { dataDir }: DataOptions): Promise<void> {
  const sheets: ContactSheet[] = [];
  if (name === 'drawn') {
    const { images, labels } = drawnDigits({ count: 1000 });
    sheets.push(contactSheet(images, labels, COLUMNS));
  }
  try {
    const { train } = await read(name === 'drawn' ? 'mnist' : name, dataDir, name !== 'drawn');
    if (train.shape[0] !== 1)
      throw new LonghandError(`data: --sheet draws grey images, and those of ${name} have colours`);
    sheets.push(contactSheet(train.images, train.labels, COLUMNS));
  } catch (error) {
    if (!(error instanceof NoDataError) || name !== 'drawn') throw error;
    process.stderr.write('longhand: no MNIST at hand to show beside the drawn digits\n');
  }
  const { width, height, pixels } = sideBySide(sheets);
  writeFileSync(file, encode({ width, height, data: pixels, channels: 1, depth: 8 }));
  process.stdout.write(`${file}: ${width} × ${height}\n`);
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
