import { initialParameters, manualSeed, problemOf, train, wasmEngine } from '../src/index.ts';
import { decodePicture } from '../src/picture/decode.ts';
import type { Picture } from '../src/picture/picture.ts';
import type { Network } from '../src/predict/network.ts';
import { predict, predictPicture } from '../src/predict/predict.ts';
import { type LoadOptions, loadData } from '../src/prologue/index.ts';
import { anyPlacing, drawnBack, greyPng, randomNumbers } from './drawn-back.ts';
import { mnistIsHere } from './mnist-here.ts';

export interface Trained {
  readonly network: Network;
  /** What it was trained and is tested on. */
  readonly name: string;
  /** The test images, 784 bytes each, and their classes. */
  readonly images: Uint8Array;
  readonly labels: readonly number[];
}

/** 784-50-10 after 300 steps on MNIST, or on drawn digits where there is no MNIST, and a test set for it. */
export async function trainedNetwork(): Promise<Trained> {
  const name = mnistIsHere ? 'mnist' : 'drawn';
  const dataDir = mnistIsHere ? process.env.PYTORCH_DATA_DIR : undefined;
  const load = <const O extends LoadOptions>(options: O) =>
    loadData({ dataset: name, dataDir, log: () => {}, ...options });
  const data = await load({ oneHotLabels: true, normalize: true });
  manualSeed(0);
  const start = initialParameters({ inputs: 784, hidden: 50, classes: 10 });
  const engine = await wasmEngine(problemOf(data), start, { threads: 1 });
  for await (const _ of train(engine, { steps: 300 }));
  const parameters = await engine.parameters();
  await engine.dispose();

  const test = await load({});
  return {
    network: { parameters, normalisation: data, inputShape: [1, 28, 28], classes: 10 },
    name,
    images: Uint8Array.from(test.testInput.elements()),
    labels: [...test.testTarget.elements()],
  };
}

/**
 * How many of the first `count` images are read rightly as they are but wrongly when they are drawn large (`lost`), and
 * the other way round (`gained`), as `read` reads pictures. Each image is compared with itself: what is hard to read makes no difference.
 */
export async function readingDigits(
  { network, images, labels }: Trained,
  count: number,
  draw: (image: Uint8Array, n: number) => Picture,
  read: (picture: Picture) => number | Promise<number> = picture => predictPicture(network, picture).class,
): Promise<{ right: number; lost: number; gained: number }> {
  const counts = { right: 0, lost: 0, gained: 0 };
  for (let n = 0; n < count; n++) {
    const image = images.slice(784 * n, 784 * (n + 1));
    const isRight = (await predict(network, image)).class === labels[n];
    const isRightDrawn = (await read(draw(image, n))) === labels[n];
    if (isRight) counts.right++;
    if (isRight && !isRightDrawn) counts.lost++;
    if (!isRight && isRightDrawn) counts.gained++;
  }
  return counts;
}

/**
 * Of pairs that differ by luck alone, one more or one less are equally likely: `lost − gained` then has the standard
 * deviation √(lost + gained), of which three are allowed.
 */
export function isNoWorse({ lost, gained }: { lost: number; gained: number }): boolean {
  return lost - gained <= 3 * Math.sqrt(lost + gained);
}

/** Any size, place and shade, in a picture up to `room` times as long as the digit. */
export function anyhow(seed: number, room?: number): (image: Uint8Array, n: number) => Picture {
  const random = randomNumbers(seed);
  return (image, n) => {
    const placing = anyPlacing(random, room);
    return decodePicture(greyPng(drawnBack(image, placing), placing.width, placing.height), `digit ${n}`);
  };
}
