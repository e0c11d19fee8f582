import protobuf from 'protobufjs';
import type { TrainedNetwork } from '../../problem.ts';
import { Tensor } from '../../tensor/index.ts';
import { onnxSchema } from './onnx-schema.ts';

/** Of 2020: every operator used here has been as it is since then, and every runtime of the last years knows it. */
const OPERATORS = 13;
/** The version of the file format that came with those. */
const IR_VERSION = 7;

/**
 * The network as an ONNX model. It takes `pixels`, float32 [N, inputs], 0 … 255, and normalises them itself; it gives
 * `responses`, float32 [N, classes], and `class`, int64 [N].
 */
export function onnxOf({ parameters, normalisation, inputShape, classes, settings, step }: TrainedNetwork): Uint8Array {
  const { w1, b1, w2, b2 } = parameters;
  const scalar = (x: number) => new Tensor(Float32Array.of(x), [], 'float32');
  const initializer = Object.entries({
    ...{ mean: scalar(normalisation.mean), std: scalar(normalisation.std) },
    ...{ w1, b1, w2, b2 },
  }).map(([name, tensor]) => tensorProto(name, tensor as Tensor));

  const model = {
    irVersion: IR_VERSION,
    opsetImport: [{ domain: '', version: OPERATORS }],
    producerName: 'longhand',
    docString: `A perceptron of one hidden layer, trained on ${settings.dataset}${step === undefined ? '' : ` for ${step} steps`}`,
    metadataProps: [{ key: 'input_shape', value: inputShape.join('x') }],
    graph: {
      name: 'longhand',
      initializer,
      input: [valueInfo('pixels', FLOAT, [inputShape.reduce((a, b) => a * b)], 'channels × rows × columns, 0 … 255')],
      output: [
        valueInfo('responses', FLOAT, [classes], 'the last layer, −1 … 1'),
        valueInfo('class', INT64, [], 'the place of the largest response, the first one on a tie'),
      ],
      node: [
        node('Sub', ['pixels', 'mean'], 'centred'),
        node('Div', ['centred', 'std'], 'x0'),
        node('Gemm', ['x0', 'w1', 'b1'], 's1', { transB: 1 }),
        node('Tanh', ['s1'], 'x1'),
        node('Gemm', ['x1', 'w2', 'b2'], 's2', { transB: 1 }),
        node('Tanh', ['s2'], 'responses'),
        node('ArgMax', ['responses'], 'class', { axis: 1, keepdims: 0 }),
      ],
    },
  };
  const Model = protobuf.parse(onnxSchema).root.lookupType('onnx.ModelProto');
  return Model.encode(Model.fromObject(model)).finish();
}

/** `TensorProto.DataType`. */
const FLOAT = 1;
const INT64 = 7;

function node(opType: string, input: string[], output: string, attributes: Record<string, number> = {}): object {
  const attribute = Object.entries(attributes).map(([name, i]) => ({ name, i, type: 'INT' }));
  return { opType, name: output, input, output: [output], attribute };
}

/** An input or output of as many samples as there are, N, each with these dimensions. */
function valueInfo(name: string, elemType: number, dims: readonly number[], docString: string): object {
  const dim = [{ dimParam: 'N' }, ...dims.map(dimValue => ({ dimValue }))];
  return { name, docString, type: { tensorType: { elemType, shape: { dim } } } };
}

function tensorProto(name: string, tensor: Tensor): object {
  const values = [...tensor.elements()];
  const rawData = new Uint8Array(4 * values.length);
  const view = new DataView(rawData.buffer);
  for (const [i, x] of values.entries()) view.setFloat32(4 * i, x, true);
  return { name, dims: tensor.shape, dataType: FLOAT, rawData };
}
