import { layOut } from '../../src/engine/layout.ts';
import { type Settings, samplesOf } from '../../src/settings/table.ts';

// What a training costs, roughly: on another machine it is half or twice as much. It is said before it is begun.

/** Of MNIST and of the sets made in its image. */
const INPUTS = 784;
const CLASSES = 10;

/** Samples times hidden units that an engine takes to and fro in a second, on a thread or two of a small laptop. */
const PRODUCTS: Readonly<Record<Settings['engine'], number>> = { wasm: 5e7, batch: 8e6, sample: 2.5e5 };
/** The same with a learner's functions, where they can be run for all samples at once. */
const OWN_PRODUCTS = 5e6;
/** Digits drawn in a second. */
const DRAWN = 3_000;

/** A step that takes longer is not seen as movement any more. */
const LONG_STEP = 0.5;
/** Nobody waits longer for a page's data without being told. */
const LONG_WAIT = 5;
/** A page on a phone is ended where it takes more. */
const MUCH_MEMORY = 700e6;

export interface Cost {
  /** Seconds until the first step. */
  readonly wait: number;
  /** Seconds. */
  readonly step: number;
  readonly bytes: number;
}

/** `isOwn`: with a learner's functions, in JavaScript. */
export function costOf({ size, hidden, engine, dataset }: Settings, isOwn = false): Cost {
  const { train, test } = samplesOf(size);
  const sizes = { hidden, inputs: INPUTS, classes: CLASSES, trainSamples: train, testSamples: test };
  const kernels = layOut({ ...sizes, sparse: undefined, errorBelow: 0, threads: 4 }).bytes;
  return {
    wait: dataset === 'drawn' ? (train + test) / DRAWN : 0,
    step: ((train + test / 3) * hidden) / (isOwn ? OWN_PRODUCTS : PRODUCTS[engine]),
    bytes: 4 * INPUTS * (train + test) + (engine === 'wasm' ? kernels : 16 * INPUTS * hidden),
  };
}

/** A sentence about settings that take long or much memory; undefined where they do not. */
export function costInWords(settings: Settings, isOwn = false): string | undefined {
  const { wait, step, bytes } = costOf(settings, isOwn);
  const parts = [
    wait > LONG_WAIT && `drawing the digits takes ${inWords(wait)}`,
    step > LONG_STEP &&
      `a step takes ${inWords(step)}, all ${amount(settings.steps)} of them ${inWords(step * settings.steps)}`,
    bytes > MUCH_MEMORY && `it wants ${(bytes / 1e9).toFixed(1)} GB of memory`,
  ].filter(part => part !== false);
  if (parts.length === 0) return undefined;
  const sentence = parts.join('; ');
  return `Roughly: ${sentence}.`;
}

const amount = (count: number): string => count.toLocaleString('en');

function inWords(seconds: number): string {
  if (seconds < 1.5) return 'a second';
  if (seconds < 90) return `${Math.round(seconds)} seconds`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} minutes`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} hours`;
  return `${amount(Math.round(seconds / 86400))} days`;
}
