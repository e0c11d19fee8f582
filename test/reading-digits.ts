import { initialParameters, manualSeed, problemOf, train, wasmEngine } from '../src/index.ts';
import { decodePicture } from '../src/picture/decode.ts';
import { mnistForm } from '../src/picture/mnist-form.ts';
import type { Network } from '../src/predict/network.ts';
import { predict } from '../src/predict/predict.ts';
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

  const test = await load({ full: name === 'mnist' });
  return {
    network: { parameters, normalisation: data, inputShape: [1, 28, 28], classes: 10 },
    name,
    images: Uint8Array.from(test.testInput.elements()),
    labels: [...test.testTarget.elements()],
  };
}

/** The parts of the first `count` images that are read rightly, as they are and drawn back. */
export function readingDigits(
  network: Network,
  images: Uint8Array,
  labels: readonly number[],
  count: number,
): { plain: number; back: number } {
  const random = randomNumbers(1);
  let plain = 0;
  let back = 0;
  for (let n = 0; n < count; n++) {
    const image = images.slice(784 * n, 784 * (n + 1));
    if (predict(network, image).class === labels[n]) plain++;
    const placing = anyPlacing(random);
    const bytes = greyPng(drawnBack(image, placing), placing.width, placing.height);
    if (predict(network, mnistForm(decodePicture(bytes, `digit ${n}`))).class === labels[n]) back++;
  }
  return { plain: plain / count, back: back / count };
}
