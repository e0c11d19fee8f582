import { type Checkpoint, encodeCheckpoint } from '../checkpoint.ts';
import { jsonOf } from './json.ts';
import { npzOf } from './npz.ts';

/** The formats that a network can be taken elsewhere in, each with what makes its bytes of a checkpoint. */
export const formats: {
  readonly [Format in 'safetensors' | 'npz' | 'onnx' | 'json']: (
    checkpoint: Checkpoint,
  ) => Uint8Array | Promise<Uint8Array>;
} = {
  safetensors: encodeCheckpoint,
  npz: npzOf,
  // its library takes a while to load, which no other command is to wait for
  onnx: async checkpoint => (await import('./onnx.ts')).onnxOf(checkpoint),
  json: jsonOf,
};

export type FormatName = keyof typeof formats;
