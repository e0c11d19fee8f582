import { kindOf } from '../picture/kind.ts';
import { mnistForm } from '../picture/mnist-form.ts';
import { SIDE } from '../picture/mnist-layout.ts';
import { checkDimensions, type Picture, PictureError } from '../picture/picture.ts';
import { scaledForm } from '../picture/scaled-form.ts';
import { forwardPass } from '../practical.ts';
import { normalisedValues } from '../prologue/load-data.ts';
import { LonghandError, Tensor } from '../tensor/index.ts';
import type { Network } from './network.ts';

/**
 * Why an answer is not to be relied on. `weak response`: even the largest is small, as where a picture does not look
 * like those that the network was trained on. `two digits`: two large separate things are drawn.
 */
export type Doubt = 'weak response' | 'two digits';

export interface Prediction {
  /** The place of the largest response, the first one on a tie. */
  readonly class: number;
  /** What the network's last layer gives for each class, −1 … 1. */
  readonly responses: number[];
  /** What speaks against the answer; nothing where the network is sure. */
  readonly doubts: readonly Doubt[];
  /** What the network was shown: as many bytes, 0 … 255, as it has inputs. */
  readonly pixels: Uint8Array;
}

/** A best response below this is weak: 300 steps on MNIST leave about one digit in twelve so, half of those misread. */
const WEAK = 0.4;

/**
 * What a trained network makes of one image, in Node and in a browser. The image is one of
 *
 * - its pixels: as many whole numbers, 0 … 255, as the network has inputs, white on black where it learned MNIST;
 * - the bytes of a PNG or JPEG file, of any size, dark on light or light on dark, with one digit;
 * - what `getImageData` gives of a canvas, with one digit.
 *
 * In a file or a canvas the digit is found, brought to 28 × 28 and laid out as MNIST's are; for a network of other things
 * than digits the picture is only scaled to 28 × 28 (`settings` of `Network` tells which).
 *
 * @example
 * const network = await decodeCheckpoint(await readFile('run/checkpoint.safetensors'), 'run');
 * const { class: digit, doubts } = await predict(network, await readFile('digit.png'));
 * console.log(doubts.length === 0 ? `a ${digit}` : `perhaps a ${digit}: ${doubts.join(', ')}`);
 *
 * @throws LonghandError where the pixels are not as many as the inputs or no whole numbers of 0 … 255, or a picture is
 * given to a network whose images are not 1 × 28 × 28.
 * @throws PictureError where a file is damaged or too large, nothing is drawn in a picture, or many small things.
 */
export async function predict(network: Network, image: ArrayLike<number> | ArrayBuffer | Picture): Promise<Prediction> {
  const values = image instanceof ArrayBuffer ? new Uint8Array(image) : image;
  try {
    if (values && 'data' in values) return predictPicture(network, values);
    if (typeof values?.length !== 'number')
      throw new LonghandError(
        `the image is ${values}; pixels, the bytes of a PNG or JPEG file, or a canvas's were wanted`,
      );
    const inputs = product(network.inputShape);
    if (!isFile(values, inputs)) return predictPixels(network, bytesOf(values, inputs), false);
    // only who has a file needs the decoders
    const { decodePicture } = await import('../picture/decode.ts');
    return predictPicture(network, decodePicture(Uint8Array.from(values), 'the picture'));
  } catch (error) {
    if (error instanceof PictureError) throw new PictureError(`predict: ${error.message}`, { cause: error });
    throw error instanceof LonghandError ? new LonghandError(`predict: ${error.message}`, { cause: error }) : error;
  }
}

/**
 * What a network makes of a picture whose file is read already. As `predict`, but the messages are to follow a name.
 *
 * @throws PictureError where nothing is drawn in it, or many small things.
 */
export function predictPicture(network: Network, picture: Picture): Prediction {
  checkTakesPictures(network);
  const { width, height, data } = picture;
  checkDimensions(width, height);
  if (data.length !== 4 * width * height)
    throw new LonghandError(`${data.length} numbers for ${width} × ${height} pixels; 4 to each were wanted`);
  if (!LAID_OUT_AS_MNIST.includes(network.settings?.dataset ?? 'mnist'))
    return predictPixels(network, scaledForm(picture), false);
  const form = mnistForm(picture);
  return predictPixels(network, form.pixels, form.areTwoDigits);
}

/** @throws LonghandError where a network takes images that no picture is brought to. */
export function checkTakesPictures({ inputShape, settings }: Network): void {
  if (inputShape.join() === [1, SIDE, SIDE].join()) return;
  const dataset = settings === undefined ? '' : ` (${settings.dataset})`;
  throw new LonghandError(
    `the network takes images of ${inputShape.join(' × ')}${dataset}; pictures are brought to 1 × ${SIDE} × ${SIDE} only`,
  );
}

function predictPixels({ parameters, normalisation }: Network, pixels: Uint8Array, areTwoDigits: boolean): Prediction {
  const value = normalisedValues(normalisation.mean, normalisation.std);
  const x = new Tensor<[number]>(
    Float32Array.from(pixels, v => value[v]!),
    [pixels.length],
    'float32',
  );
  const { w1, b1, w2, b2 } = parameters;
  const [, , , , x2] = forwardPass(w1, b1, w2, b2, x);
  const best = x2.argmax().item();
  const responses = [...x2.elements()];
  const doubts: Doubt[] = [];
  if (responses[best]! < WEAK) doubts.push('weak response');
  if (areTwoDigits) doubts.push('two digits');
  return { class: best, responses, doubts, pixels };
}

/** The data sets whose images are laid out as MNIST's. */
const LAID_OUT_AS_MNIST: readonly string[] = ['mnist', 'drawn'];

/** Whether they are the bytes of a file. As many pixels as are wanted may begin as a JPEG does, but hardly end as one. */
function isFile(values: ArrayLike<number>, inputs: number): boolean {
  const kind = kindOf(values);
  if (kind !== 'JPEG' || values.length !== inputs) return kind !== undefined;
  return values[inputs - 2] === 0xff && values[inputs - 1] === 0xd9;
}

function bytesOf(values: ArrayLike<number>, inputs: number): Uint8Array {
  if (values.length !== inputs)
    throw new LonghandError(
      `the image has ${values.length} values and is no PNG or JPEG file; ${inputs} pixels were wanted, or such a file`,
    );
  const strange = Array.from(values).findIndex(v => !(Number.isInteger(v) && v >= 0 && v <= 255));
  if (strange !== -1)
    throw new LonghandError(
      `pixel ${strange} is ${values[strange]}; whole numbers from 0 to 255 were wanted, not normalised`,
    );
  return Uint8Array.from(values);
}

const product = (lengths: readonly number[]): number => lengths.reduce((a, b) => a * b, 1);
