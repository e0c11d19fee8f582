import type { Network } from '../predict/network.ts';
import type { TrainedNetwork } from '../problem.ts';
import { type RunSettings, runSettingNames, settings as table } from '../settings/table.ts';
import type { Values } from '../settings/values.ts';
import type { GeneratorState } from '../tensor/index.ts';
import { CheckpointError } from './errors.ts';
import { generatorEntries } from './metadata.ts';
import { decodeFile, encodeFile, type Form } from './safetensors.ts';

export { CheckpointError } from './errors.ts';

/** A training between two steps: all that is needed to go on to the same bits, and to use the network. */
export interface Checkpoint extends TrainedNetwork {
  /** Gradient steps done, which is the number of the next one. */
  readonly step: number;
  /** Gradient steps that were asked for. */
  readonly steps: number;
  readonly settings: RunSettings;
  /** SHA-256 of the samples trained and tested on, by `dataDigest`. */
  readonly dataDigest: string;
  readonly generator: GeneratorState;
}

/**
 * The bytes of `checkpoint.safetensors`. They are of version 1 of the format, but where a network was trained on data of
 * one's own of version 2.
 *
 * @throws CheckpointError where a parameter is NaN or infinite, or has another shape than the settings say.
 */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array> {
  const { step, steps, settings, dataDigest, generator } = checkpoint;
  const version = isOwnData(settings.dataset) ? 2 : 1;
  const entries = {
    ...{ step: `${step}`, steps: `${steps}` },
    ...networkEntries(checkpoint),
    data_digest: dataDigest,
    ...generatorEntries(generator),
  };
  return encodeFile(version, entries, checkpoint, settings.hidden, step);
}

/**
 * Reads what `encodeCheckpoint` wrote, and nothing else: whatever a file holds, it is either a whole checkpoint or
 * refused. `file` is its name, for the messages.
 *
 * @throws CheckpointError that says what is wrong with the file.
 */
export async function decodeCheckpoint(bytes: Uint8Array, file = 'the file'): Promise<Checkpoint> {
  const form = await decodeFile(bytes, file);
  if (!isWhole(form)) form.refuse('holds a network and not its training, which cannot go on');
  return checkpointIn(form);
}

/**
 * The bytes of a file that `longhand predict` and `longhand export` take, as they take a checkpoint: a trained network,
 * what it was trained on, and as much of its training as is known. A page may offer them as a download. They do not say
 * which functions it was trained through: those programs take every network for one with tanh.
 *
 * @example
 * const problem = problemOf({ name: 'xor', inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], labels: [0, 1, 1, 0], test: 0.25 });
 * const engine = await wasmEngine(problem, initialParameters({ inputs: 2, hidden: 8, classes: 2 }, 0.5));
 * for await (const _ of train(engine, { steps: 20 }));
 * const bytes = await saveNetwork(networkOf(problem, await engine.parameters()));
 * await engine.dispose();
 * await writeFile('xor.safetensors', bytes); // of node:fs/promises
 *
 * @throws CheckpointError where a parameter is NaN or infinite, or shapes do not go together.
 */
export async function saveNetwork(network: TrainedNetwork): Promise<Uint8Array> {
  const { settings, step, parameters } = network;
  const hidden = parameters.b1.size(0);
  const entries = {
    ...(step === undefined ? {} : { step: `${step}` }),
    ...networkEntries({ ...network, settings: { ...settings, hidden } }),
  };
  return encodeFile(2, entries, network, hidden, step);
}

/**
 * The network in the bytes of a file: of one that `saveNetwork` made, or of the checkpoint that `longhand train --out`
 * wrote.
 *
 * @example
 * const network = await loadNetwork(await readFile('xor.safetensors')); // in a page: await response.arrayBuffer()
 * console.log(network.settings.dataset, (await predict(network, [0, 1])).class);
 *
 * @throws CheckpointError that says what is wrong with them.
 */
export async function loadNetwork(bytes: Uint8Array | ArrayBuffer, file = 'the file'): Promise<TrainedNetwork> {
  const form = await decodeFile(bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes, file);
  if (isWhole(form)) return checkpointIn(form);
  const network = networkIn(form);
  const step = form.metadata.has('step') ? form.metadata.whole('step', 0) : undefined;
  form.metadata.nothingElse();
  return { ...network, step };
}

/** Whether these are data of somebody's own, which no name leads to. */
export const isOwnData = (dataset: string): boolean => !table.dataset.values.choices!.some(name => name === dataset);

/** What checkpoints and networks have in common, as it stands in the metadata. */
function networkEntries({ settings, inputShape, classes, normalisation }: TrainedNetwork): Record<string, string> {
  const known = runSettingNames.filter(name => settings[name] !== undefined);
  return {
    ...Object.fromEntries(known.map(name => [name, `${settings[name]}`])),
    dataset: nameInHeader(settings.dataset),
    input_shape: inputShape.join('x'),
    classes: `${classes}`,
    mean: `${normalisation.mean}`,
    std: `${normalisation.std}`,
  };
}

type File = Form & Pick<Network, 'parameters'>;

/** Whether a file holds the training too: every setting, the digest of the data, the state of the generator. */
const isWhole = ({ version, metadata }: Form): boolean => version === 1 || metadata.has('data_digest');

function checkpointIn(file: File): Checkpoint {
  const { metadata, refuse } = file;
  const network = networkIn(file);
  const steps = metadata.whole('steps', 0);
  const step = metadata.whole('step', 0);
  if (step > steps) refuse(`its step ${step} lies beyond the ${steps} steps of the run`);
  const checkpoint: Checkpoint = {
    ...network,
    ...{ step, steps },
    settings: network.settings as RunSettings,
    dataDigest: metadata.digest('data_digest'),
    generator: metadata.generator(),
  };
  metadata.nothingElse();
  return checkpoint;
}

function networkIn(file: File): TrainedNetwork {
  const { version, metadata, parameters, inputShape, classes } = file;
  const settings: Partial<Record<keyof RunSettings, string | number>> = {};
  for (const name of runSettingNames) {
    const values: Values<string | number> = name === 'dataset' && version > 1 ? encodedName : table[name].values;
    if (isWhole(file) || name === 'dataset' || metadata.has(name)) settings[name] = metadata.read(name, values);
  }
  settings.dataset = decodeURIComponent(`${settings.dataset}`);
  return {
    ...{ parameters, inputShape, classes },
    settings: settings as TrainedNetwork['settings'],
    normalisation: { mean: metadata.number('mean'), std: metadata.positive('std') },
  };
}

function nameInHeader(name: string): string {
  return encodedName.read(encodeURIComponent(name), () => {
    throw new CheckpointError(
      `checkpoint: the name of the data is ${JSON.stringify(name)}; it wants 1 to 100 characters`,
    );
  });
}

/** A name as it stands in a header, which holds ASCII alone. */
const encodedName: Values<string> = {
  read(text, refuse) {
    try {
      const name = decodeURIComponent(text);
      if (name !== '' && name.length <= 100 && encodeURIComponent(name) === text) return text;
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
    }
    return refuse('a name of 1 to 100 characters, percent-encoded,');
  },
};
