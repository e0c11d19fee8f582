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
  return written(model, protobuf.parse(onnxSchema).root.lookupType('onnx.ModelProto')).finish();
}

/**
 * A message as its schema says, field by field. The library's own encoder is a function that it makes of a text, which a
 * page with a content security policy does not run.
 */
function written(
  message: Readonly<Record<string, unknown>>,
  schema: protobuf.Type,
  into: protobuf.Writer = protobuf.Writer.create(),
): protobuf.Writer {
  for (const field of [...schema.fieldsArray].sort((a, b) => a.id - b.id)) {
    const value = message[field.name];
    if (value === undefined || value === 0 || value === '') continue; // what is not written is read as that
    const { id, repeated, resolvedType } = field.resolve();
    const values = repeated ? (value as readonly unknown[]) : [value];
    if (resolvedType instanceof protobuf.Type) {
      for (const inner of values as Record<string, unknown>[])
        written(inner, resolvedType, into.uint32(tag(id, BY_LENGTH)).fork()).ldelim();
      continue;
    }
    const isChoice = resolvedType instanceof protobuf.Enum;
    const kind = isChoice ? 'int32' : (field.type as 'int32' | 'int64' | 'string' | 'bytes');
    const write = (value: unknown) =>
      into[kind]((isChoice && typeof value === 'string' ? resolvedType.values[value] : value) as never);
    const wireType = protobuf.types.basic[kind]!;
    if (repeated && wireType !== BY_LENGTH) {
      // numbers one after the other, under one tag
      if (values.length === 0) continue;
      into.uint32(tag(id, BY_LENGTH)).fork();
      values.forEach(write);
      into.ldelim();
    } else
      for (const value of values) {
        into.uint32(tag(id, wireType));
        write(value);
      }
  }
  return into;
}

/** The wire type of what begins with its length: texts, bytes, messages, numbers one after the other. */
const BY_LENGTH = 2;
const tag = (id: number, wireType: number): number => (id << 3) | wireType;

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
