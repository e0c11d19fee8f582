import {
  initialParameters,
  loadNetwork,
  networkOf,
  type Parameters,
  type PreparedProblem,
  problemOf,
  saveNetwork,
  type Tensor,
  type TrainedNetwork,
  wasmEngine,
} from '../../dist/index.js';

// Data of one's own as people have them: arrays, typed arrays, tensors.

declare const images: Tensor<[number, 28, 28]>;
declare const labels: Tensor<[number]>;
declare const parameters: Parameters;
declare const buffer: ArrayBuffer;

export const flowers: PreparedProblem = problemOf({
  name: 'flowers',
  inputs: [
    [5.1, 3.5],
    [6.2, 2.9],
  ],
  labels: [0, 1],
});
problemOf({ inputs: images, labels, test: 0.3 });
problemOf({ inputs: [[Uint8Array.of(1, 2)]], labels: Uint8Array.of(0), test: { inputs: images, labels: [1] } });
problemOf({ inputs: images, labels, normalize: false, classes: 10 }, { targets: 'pm1' });
// @ts-expect-error labels are numbers
problemOf({ inputs: images, labels: ['setosa'] });
// @ts-expect-error a label for each sample is wanted
problemOf({ inputs: images });

wasmEngine(flowers, initialParameters({ inputs: 2, hidden: 8, classes: 2 }));
export const network: TrainedNetwork = networkOf(flowers, parameters);
export const bytes: Promise<Uint8Array> = saveNetwork(network);
export const loaded: Promise<TrainedNetwork> = loadNetwork(buffer);
loadNetwork(new Uint8Array(buffer));
