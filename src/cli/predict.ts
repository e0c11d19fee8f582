import { styleText } from 'node:util';
import { Command } from 'commander';
import { decodePicture } from '../picture/decode.ts';
import { SIDE } from '../picture/mnist-layout.ts';
import { type Picture, PictureError } from '../picture/picture.ts';
import { FileError } from '../platform/file-error.ts';
import { plain, readFile } from '../platform/files.ts';
import type { Network } from '../predict/network.ts';
import { checkTakesPictures, type Doubt, type PicturePrediction, predictPicture } from '../predict/predict.ts';
import { readNetwork } from '../run/run.ts';
import { LonghandError } from '../tensor/index.ts';
import { halfBlocks } from './half-blocks.ts';
import { belowHelp } from './wrap.ts';

/** Longer files are refused unread: pictures of digits are none. */
const MOST_BYTES = 2 ** 28;

/** `longhand predict`: what a saved network makes of pictures. */
export function predictCommand(): Command {
  return new Command('predict')
    .description('read digits from PNG or JPEG files with a trained network')
    .argument('<run>', 'the folder that `longhand train --out` wrote, or a checkpoint')
    .argument(
      '<image...>',
      'pictures of one digit each, of any size, dark on light or light on dark; - is standard input',
    )
    .option('--json', 'class, responses, doubts and the 28 × 28 pixels that the network sees, as JSON')
    .addHelpText(
      'after',
      belowHelp(
        'A picture shows one digit on a plain ground, with no frame, lines, hard shadow or edge of the paper in it. ' +
          'For a network of other things than digits it is only scaled: it should look as the training images do.',
      ),
    )
    .action(predictAll);
}

const SENTENCES: Readonly<Record<Doubt, string>> = {
  'weak response': 'the network is in doubt; a picture should look like those it was trained on (predict --help)',
  'two digits': 'two large things are drawn in it, as if they were two digits; cut one out',
};

/** A picture that cannot be read is reported and the others are still looked at; the exit code tells. */
async function predictAll(run: string, images: string[], { json }: { json?: true }, command: Command): Promise<void> {
  if (images.filter(image => image === '-').length > 1)
    command.error('error: - was given twice, and standard input can be read once');
  const network = await readNetwork(run);
  try {
    checkTakesPictures(network);
  } catch (error) {
    throw error instanceof LonghandError
      ? new LonghandError(`predict: ${run}: ${error.message}`, { cause: error })
      : error;
  }

  const results: object[] = [];
  for (const image of images) {
    const file = image === '-' ? 'standard input' : image;
    try {
      const picture = decodePicture(await readPicture(image), file);
      const prediction = predicted(network, picture, file);
      for (const doubt of prediction.doubts) process.stderr.write(`longhand: ${file}: ${SENTENCES[doubt]}\n`);
      if (json) results.push({ image, ...prediction, pixels: [...prediction.pixels] });
      else process.stdout.write(shown(file, prediction));
    } catch (error) {
      if (!(error instanceof LonghandError)) throw error;
      process.stderr.write(`longhand: ${error.message}\n`);
      process.exitCode = 1;
      if (json) results.push({ image, error: error.message });
    }
  }
  if (json) process.stdout.write(`${JSON.stringify(results)}\n`);
}

async function readPicture(image: string): Promise<Uint8Array> {
  if (image === '-') return readStandardInput();
  const bytes = await readFile(image, MOST_BYTES).catch(cause => {
    throw cause instanceof FileError ? new PictureError(cause.message, { cause }) : cause;
  });
  if (bytes === undefined) throw new PictureError(`${image}: there is no such file`);
  return bytes;
}

/** To its end, or no further than a file may be long: what is piped may never end. */
async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MOST_BYTES)
      throw new PictureError(`standard input: is longer than the ${MOST_BYTES} bytes that are read at most`);
  }
  return plain(Buffer.concat(chunks));
}

function predicted(network: Network, picture: Picture, file: string): PicturePrediction {
  try {
    return predictPicture(network, picture);
  } catch (error) {
    throw error instanceof PictureError ? new PictureError(`${file}: ${error.message}`, { cause: error }) : error;
  }
}

/**
 * The class, then the responses; on a terminal beside what the network sees, or below it where there is no room. Bars
 * take what room there is.
 */
function shown(file: string, { class: best, responses, pixels }: PicturePrediction): string {
  const rows = responses.map((response, c) => `${c} ${response.toFixed(4).padStart(7)}`);
  if (!process.stdout.isTTY) return `${file}: ${best}\n${rows.map(row => `  ${row}\n`).join('')}`;
  const columns = process.stdout.columns || 80;
  const beside = SIDE + GAP + rows[0]!.length + GAP + LEAST_BAR < columns;
  const room = columns - 1 - (beside ? SIDE + GAP : 0) - rows[0]!.length - 2;
  const longest = Math.max(0, Math.min(24, room));
  const bars = rows.map((row, c) => {
    const bar = '█'.repeat(Math.max(0, Math.round(longest * responses[c]!)));
    return c === best ? styleText('bold', `${row}  ${bar}`) : `${row}  ${styleText('dim', bar)}`;
  });
  const title = `${file}: ${styleText('bold', `${best}`)}`;
  const image = halfBlocks(pixels, SIDE, process.stdout.hasColors(256));
  const isNarrow = columns <= SIDE;
  // a name stays whole, to be copied: where it does not fit beside the image it stands above
  const fits = SIDE + GAP + file.length + 3 < columns;
  if (!beside) return `${[title, ...(isNarrow ? [] : image), ...bars].join('\n')}\n`;
  const right = fits ? ['', title, '', ...bars] : ['', ...bars];
  const lines = image.map((line, i) => `${line}${' '.repeat(GAP)}${right[i] ?? ''}`);
  return `${[...(fits ? [] : [title]), ...lines].join('\n')}\n`;
}

/** Columns between the image and what stands beside it. */
const GAP = 3;
/** Shorter bars beside the image are none. */
const LEAST_BAR = 8;
