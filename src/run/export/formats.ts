import type { TrainedNetwork } from '../../problem.ts';
import { type Checkpoint, encodeCheckpoint, saveNetwork } from '../checkpoint.ts';
import { jsonOf } from './json.ts';
import { npzOf } from './npz.ts';

/** The formats that a network can be taken elsewhere in, each with what makes its bytes of a checkpoint. */
export const formats: {
  readonly [Format in 'safetensors' | 'npz' | 'onnx' | 'json']: (
    network: TrainedNetwork,
  ) => Uint8Array | Promise<Uint8Array>;
} = {
  safetensors: network => (isCheckpoint(network) ? encodeCheckpoint(network) : saveNetwork(network)),
  npz: npzOf,
  // its library takes a while to load, which no other command is to wait for
  onnx: async network => (await import('./onnx.ts')).onnxOf(network),
  json: jsonOf,
};

export type FormatName = keyof typeof formats;

const isCheckpoint = (network: TrainedNetwork): network is Checkpoint => 'generator' in network;
