import { initialParameters, manualSeed, problemOf, train, wasmEngine } from '../src/index.ts';
import { type LoadOptions, loadData } from '../src/prologue/index.ts';
import { decodePicture } from '../src/run/picture/decode.ts';
import { mnistForm } from '../src/run/picture/mnist-form.ts';
import { type Network, predict } from '../src/run/predict.ts';
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
  for (const _ of train(engine, { steps: 300 }));
  const parameters = engine.parameters();
  engine.dispose();

  const test = await load({ full: name === 'mnist' });
  return {
    network: { parameters, normalisation: data, inputShape: [1, 28, 28], classes: 10 },
    name,
    images: Uint8Array.from(test.testInput.elements()),
    labels: [...test.testTarget.elements()],
  };
}

/** How images are read that were drawn back, beside how they are read as they are. */
export interface Reading {
  readonly count: number;
  /** Read rightly as they are. */
  readonly plain: number;
  /** Read rightly as they are, and not when they were drawn back. */
  readonly lost: number;
  /** The other way round. */
  readonly gained: number;
}

/**
 * Reads the first `count` images, each as it is and drawn back into a picture up to `room` times as long as the digit;
 * `seen` is what the network gets to see of a picture.
 */
export function readingDigits(
  { network, images, labels }: Trained,
  { count, room, seen = mnistForm }: { count: number; room?: number; seen?: typeof mnistForm },
): Reading {
  const random = randomNumbers(1);
  const reading = { count, plain: 0, lost: 0, gained: 0 };
  for (let n = 0; n < count; n++) {
    const image = images.slice(784 * n, 784 * (n + 1));
    const placing = anyPlacing(random, room);
    const bytes = greyPng(drawnBack(image, placing), placing.width, placing.height);
    const plain = predict(network, image).class === labels[n];
    const back = predict(network, seen(decodePicture(bytes, `digit ${n}`))).class === labels[n];
    if (plain) reading.plain++;
    if (plain && !back) reading.lost++;
    if (back && !plain) reading.gained++;
  }
  return reading;
}

/**
 * Whether no more than 2% are lost, as far as so many images can tell. Only those that got two answers tell anything:
 * the difference, lost − gained, varies by √(lost + gained), and is believed from twice that on.
 */
export function readAsWell({ count, lost, gained }: Reading): boolean {
  return lost - gained <= 0.02 * count + 2 * Math.sqrt(lost + gained);
}
