import { styleText } from 'node:util';
import { Command } from 'commander';
import { FileError } from '../platform/file-error.ts';
import { plain, readFile } from '../platform/files.ts';
import { decodePicture } from '../run/picture/decode.ts';
import { mnistForm, SIDE } from '../run/picture/mnist-form.ts';
import { type Picture, PictureError } from '../run/picture/picture.ts';
import { scaledForm } from '../run/picture/scaled-form.ts';
import { type Prediction, predict } from '../run/predict.ts';
import { readCheckpoint } from '../run/run.ts';
import { LonghandError } from '../tensor/index.ts';
import { halfBlocks } from './half-blocks.ts';

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
    .option('--json', 'class, responses and the 28 × 28 pixels that the network sees, as JSON')
    .addHelpText(
      'after',
      '\nA picture shows one digit on a plain ground, with no frame, lines, hard shadow or edge of the paper in it.\n' +
        'For a network of other things than digits it is only scaled: it should look as the training images do.',
    )
    .action(predictAll);
}

/** A best response below this is weak: 300 steps on MNIST leave about one digit in twelve so, half of those misread. */
const WEAK = 0.4;

const doubt = (file: string) =>
  `longhand: ${file}: the network is in doubt; a picture should look like those it was trained on (predict --help)\n`;

/** The data sets whose images have the form of MNIST. */
const OF_MNIST_FORM: readonly string[] = ['mnist', 'drawn'];

/** A picture that cannot be read is reported and the others are still looked at; the exit code tells. */
async function predictAll(run: string, images: string[], { json }: { json?: true }, command: Command): Promise<void> {
  if (images.filter(image => image === '-').length > 1)
    command.error('error: - was given twice, and standard input can be read once');
  const network = await readCheckpoint(run);
  if (network.inputShape.join() !== [1, SIDE, SIDE].join())
    throw new LonghandError(
      `predict: the network in ${run} takes images of ${network.inputShape.join(' × ')} ` +
        `(${network.settings.dataset}); pictures are brought to 1 × ${SIDE} × ${SIDE} only`,
    );
  const toForm = OF_MNIST_FORM.includes(network.settings.dataset) ? mnistForm : scaledForm;

  const results: object[] = [];
  for (const image of images) {
    const file = image === '-' ? 'standard input' : image;
    try {
      const pixels = formOf(await readPicture(image), file, toForm);
      const prediction = predict(network, pixels);
      if (prediction.responses[prediction.class]! < WEAK) process.stderr.write(doubt(file));
      if (json) results.push({ image, ...prediction, pixels: [...pixels] });
      else process.stdout.write(shown(file, prediction, pixels));
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

function formOf(bytes: Uint8Array, file: string, toForm: (picture: Picture) => Uint8Array): Uint8Array {
  const picture = decodePicture(bytes, file);
  try {
    return toForm(picture);
  } catch (error) {
    throw error instanceof PictureError ? new PictureError(`${file}: ${error.message}`) : error;
  }
}

/** The class, then the responses; on a terminal beside what the network sees. */
function shown(file: string, { class: best, responses }: Prediction, pixels: Uint8Array): string {
  const rows = responses.map((response, c) => `${c} ${response.toFixed(4).padStart(7)}`);
  if (!process.stdout.isTTY) return `${file}: ${best}\n${rows.map(row => `  ${row}\n`).join('')}`;
  const bars = rows.map((row, c) => {
    const bar = '█'.repeat(Math.max(0, Math.round(24 * responses[c]!)));
    return c === best ? styleText('bold', `${row}  ${bar}`) : `${row}  ${styleText('dim', bar)}`;
  });
  const right = ['', `${file}: ${styleText('bold', `${best}`)}`, '', ...bars];
  const left = halfBlocks(pixels, SIDE, process.stdout.hasColors(256));
  return `${left.map((line, i) => `${line}   ${right[i] ?? ''}`).join('\n')}\n`;
}
