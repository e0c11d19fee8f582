import { kindOf } from '../picture/kind.ts';
import { mnistForm } from '../picture/mnist-form.ts';
import { SIDE } from '../picture/mnist-layout.ts';
import { checkDimensions, type Picture, PictureError } from '../picture/picture.ts';
import { scaledForm } from '../picture/scaled-form.ts';
import * as ours from '../practical.ts';
import { dataSetNames } from '../prologue/load-data.ts';
import type { Practical } from '../six-functions.ts';
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
  /** What the network's last layer gives for each class; −1 … 1, for so tanh gives them. */
  readonly responses: number[];
  /** What speaks against the answer; nothing where the network is sure. */
  readonly doubts: readonly Doubt[];
  /** What the network was shown, before it was normalised: bytes, 0 … 255, or your own numbers; as many as its inputs. */
  readonly pixels: Uint8Array | Float32Array;
}

/** What is made of a picture. */
export interface PicturePrediction extends Prediction {
  readonly pixels: Uint8Array;
}

/** A best response below this is weak: 300 steps on MNIST leave about one digit in twelve so, half of those misread. */
const WEAK = 0.4;

/**
 * What a trained network makes of one sample, in Node and in a browser. The sample is one of
 *
 * - an image's pixels: as many whole numbers, 0 … 255, as the network has inputs, white on black where it learned MNIST;
 * - for a network of your own data, as many numbers as it has inputs, as they were given to `problemOf`;
 * - the bytes of a PNG or JPEG file, of any size, dark on light or light on dark, with one digit;
 * - what `getImageData` gives of a canvas, with one digit.
 *
 * Pixels and numbers come as they are: the network normalises them as it did those that it learned. In a file or a canvas
 * the digit is found, brought to 28 × 28 and laid out as MNIST's are; for a network of other things than digits the
 * picture is only scaled to 28 × 28 (`settings` of `Network` tells which).
 *
 * @param functions Those that the network was trained through, where they are not Longhand's own: no file holds them.
 *
 * @example
 * const network = await loadNetwork(await readFile('run/checkpoint.safetensors'));
 * const { class: digit, doubts } = await predict(network, await readFile('digit.png'));
 * console.log(doubts.length === 0 ? `a ${digit}` : `perhaps a ${digit}: ${doubts.join(', ')}`);
 *
 * @throws LonghandError where the numbers are not as many as the inputs, not finite or, for a network of images, no whole
 * numbers of 0 … 255; or where a picture is given to a network whose images are not 1 × 28 × 28.
 * @throws PictureError where a file is damaged or too large, nothing is drawn in a picture, or many small things.
 */
export async function predict(
  network: Network,
  sample: ArrayLike<number> | Tensor<number[]> | ArrayBuffer | Picture,
  functions: Pick<Practical, 'forwardPass'> = ours,
): Promise<Prediction> {
  try {
    const values = sample instanceof ArrayBuffer ? new Uint8Array(sample) : numbersOf(sample);
    if (values && 'data' in values) return predictPicture(network, values, functions);
    if (typeof values?.length !== 'number')
      throw new LonghandError(
        `the sample is ${values}; numbers, the bytes of a PNG or JPEG file, or a canvas's pixels were wanted`,
      );
    if (!isFile(values, network))
      return respond(network, isOfOwnData(network) ? finite(values, network) : bytesOf(values, network), functions);
    // only who has a file needs the decoders
    const { decodePicture } = await import('../picture/decode.ts');
    return predictPicture(network, decodePicture(Uint8Array.from(values), 'the picture'), functions);
  } catch (cause) {
    if (cause instanceof PictureError) throw new PictureError(`predict: ${cause.message}`, { cause });
    throw cause instanceof LonghandError ? new LonghandError(`predict: ${cause.message}`, { cause }) : cause;
  }
}

/**
 * What a network makes of a picture whose file is read already. As `predict`, but the messages are to follow a name.
 *
 * @throws PictureError where nothing is drawn in it, or many small things.
 */
export function predictPicture(
  network: Network,
  picture: Picture,
  functions: Pick<Practical, 'forwardPass'> = ours,
): PicturePrediction {
  const { pixels, doubts } = shownTo(network, picture);
  return respond(network, pixels, functions, doubts);
}

/**
 * What a network is shown of a picture, and what speaks against an answer before there is one.
 *
 * @throws PictureError where nothing is drawn in it, or many small things.
 */
export function shownTo(
  network: Pick<Network, 'inputShape' | 'settings'>,
  picture: Picture,
): { pixels: Uint8Array; doubts: readonly Doubt[] } {
  checkTakesPictures(network);
  const { width, height, data } = picture;
  checkDimensions(width, height);
  if (data.length !== 4 * width * height)
    throw new LonghandError(`${data.length} numbers for ${width} × ${height} pixels; 4 to each were wanted`);
  if (!learnedDigitsLaidOutAsMnist(network)) return { pixels: scaledForm(picture), doubts: [] };
  const { pixels, areTwoDigits } = mnistForm(picture);
  return { pixels, doubts: areTwoDigits ? ['two digits'] : [] };
}

/** @throws LonghandError where a network takes images that no picture is brought to. */
export function checkTakesPictures({ inputShape, settings }: Pick<Network, 'inputShape' | 'settings'>): void {
  if (isOfPictures(inputShape)) return;
  const dataset = settings === undefined ? '' : ` (${settings.dataset})`;
  throw new LonghandError(
    `the network takes images of ${inputShape.join(' × ')}${dataset}; pictures are brought to 1 × ${SIDE} × ${SIDE} only`,
  );
}

/** What a network makes of what it is shown. */
export function respond<P extends Uint8Array | Float32Array>(
  { parameters, normalisation: { mean, std } }: Network,
  pixels: P,
  { forwardPass }: Pick<Practical, 'forwardPass'>,
  doubtsOfPicture: readonly Doubt[] = [],
): Prediction & { readonly pixels: P } {
  const shown = new Tensor<[number]>(Float32Array.from(pixels), [pixels.length], 'float32');
  const x = shown.sub(Math.fround(mean)).div(Math.fround(std));
  const { w1, b1, w2, b2 } = parameters;
  const [, , , , x2] = forwardPass(w1, b1, w2, b2, x);
  const best = x2.argmax().item();
  const responses = [...x2.elements()];
  const isWeak = responses[best]! < WEAK;
  return {
    class: best,
    responses,
    doubts: [...(isWeak ? ['weak response' as const] : []), ...doubtsOfPicture],
    pixels,
  };
}

/** The data sets whose images are laid out as MNIST's. */
const LAID_OUT_AS_MNIST: readonly string[] = ['mnist', 'drawn'];

/** Whether a digit is looked for in a picture, or the picture only scaled. */
export const learnedDigitsLaidOutAsMnist = ({ settings }: Pick<Network, 'settings'>): boolean =>
  LAID_OUT_AS_MNIST.includes(settings?.dataset ?? 'mnist');

/** Whether what a network learned is nothing that `loadData` gives. */
const isOfOwnData = ({ settings }: Network): boolean =>
  settings !== undefined && !dataSetNames.some(name => name === settings.dataset);

const isOfPictures = (inputShape: Network['inputShape']): boolean => inputShape.join() === [1, SIDE, SIDE].join();

/** A tensor's elements in their order, and whatever else it is as it is. */
function numbersOf(sample: ArrayLike<number> | Tensor<number[]> | Picture): ArrayLike<number> | Picture {
  return sample instanceof Tensor ? sample.elements() : sample;
}

/** Whether they are the bytes of a file. As many numbers as are wanted may begin as a JPEG does, but hardly end as one. */
function isFile(values: ArrayLike<number>, network: Network): boolean {
  const kind = kindOf(values);
  const inputs = product(network.inputShape);
  if (values.length !== inputs) return kind !== undefined;
  if (isOfOwnData(network) && !isOfPictures(network.inputShape)) return false;
  return kind === 'PNG' || (kind === 'JPEG' && values[inputs - 2] === 0xff && values[inputs - 1] === 0xd9);
}

/** @throws LonghandError where they are not numbers such as the network has learned from. */
function finite(values: ArrayLike<number>, { inputShape }: Network): Float32Array {
  const inputs = product(inputShape);
  if (values.length !== inputs)
    throw new LonghandError(
      `the sample has ${values.length} numbers; ${inputs} were wanted, as the network learned from`,
    );
  const strange = Array.from(values).findIndex(value => !Number.isFinite(value));
  if (strange !== -1) throw new LonghandError(`number ${strange} is ${values[strange]}; finite numbers were wanted`);
  return Float32Array.from(values);
}

function bytesOf(values: ArrayLike<number>, { inputShape }: Network): Uint8Array {
  const inputs = product(inputShape);
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
