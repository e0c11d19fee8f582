/**
 * A second hand for ONNX: reads a model with another protobuf library than the one that writes it, and computes it. The
 * numbers of the fields and what the operators do were taken from ONNX's own papers (onnx.proto, and Operators.md for
 * operator set 13), not from src. It knows what a small network needs, and refuses everything else.
 */
import { PbfReader } from 'pbf';

// --- the file

/** Reads a field; `before` is what was read of it already, where it comes more than once. */
type Read<T> = (pbf: PbfReader, before?: T) => T;
type Fields = Readonly<Record<string, readonly [tag: number, read: (pbf: PbfReader, before?: never) => unknown]>>;
type Message<F extends Fields> = { [Name in keyof F]?: ReturnType<F[Name][1]> };

const text: Read<string> = pbf => pbf.readString();
const whole: Read<number> = pbf => pbf.readVarint(true);
const wholes: Read<number[]> = (pbf, before = []) => pbf.readPackedVarint(before, true);
const bytes: Read<Uint8Array> = pbf => pbf.readBytes();
const many =
  <T>(read: Read<T>): Read<T[]> =>
  (pbf, before = []) => [...before, read(pbf)];

function message<F extends Fields>(kind: string, fields: F): Read<Message<F>> {
  const names = new Map(Object.entries(fields).map(([name, [tag]]) => [tag, name]));
  const take = (tag: number, result: Record<string, unknown>, pbf: PbfReader): void => {
    const name = names.get(tag);
    if (name === undefined) throw new Error(`${kind} has no field ${tag} that is known here`);
    const [, read] = fields[name]!;
    result[name] = (read as Read<unknown>)(pbf, result[name]);
  };
  // the whole file is one message; a message within another says its length first
  return pbf => (pbf.pos === 0 ? pbf.readFields(take, {}) : pbf.readMessage(take, {})) as Message<F>;
}

const dimension = message('Dimension', { value: [1, whole], parameter: [2, text] });
const shape = message('TensorShapeProto', { dim: [1, many(dimension)] });
const tensorType = message('TypeProto.Tensor', { elements: [1, whole], shape: [2, shape] });
const type = message('TypeProto', { tensor: [1, tensorType] });
const valueInfo = message('ValueInfoProto', { name: [1, text], type: [2, type], doc: [3, text] });
const tensor = message('TensorProto', { dims: [1, wholes], type: [2, whole], name: [8, text], raw: [9, bytes] });
const attribute = message('AttributeProto', { name: [1, text], i: [3, whole], type: [20, whole] });
const node = message('NodeProto', {
  inputs: [1, many(text)],
  outputs: [2, many(text)],
  name: [3, text],
  operator: [4, text],
  attributes: [5, many(attribute)],
});
const graph = message('GraphProto', {
  nodes: [1, many(node)],
  name: [2, text],
  initializers: [5, many(tensor)],
  inputs: [11, many(valueInfo)],
  outputs: [12, many(valueInfo)],
});
const operatorSet = message('OperatorSetIdProto', { domain: [1, text], version: [2, whole] });
const property = message('StringStringEntryProto', { key: [1, text], value: [2, text] });
const model = message('ModelProto', {
  irVersion: [1, whole],
  producer: [2, text],
  doc: [6, text],
  graph: [7, graph],
  operatorSets: [8, many(operatorSet)],
  properties: [14, many(property)],
});

/** `TensorProto.DataType`, and the type of an attribute that is a whole number. */
const TYPES: Readonly<Record<number, Value['type']>> = { 1: 'float32', 7: 'int64' };
const INT = 2;

// --- the operators

export interface Value {
  readonly type: 'float32' | 'int64';
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

const float = (dims: readonly number[], data: readonly number[]): Value => ({
  type: 'float32',
  dims,
  data: data.map(Math.fround),
});

type Operator = (inputs: readonly Value[], attributes: Readonly<Record<string, number>>) => Value;

/** Component by component; the second one is a single number. */
const withNumber =
  (operation: (a: number, b: number) => number): Operator =>
  ([a, b]) => {
    if (b!.dims.length > 0) throw new Error(`[${a!.dims}] with [${b!.dims}]: a single number is known here only`);
    const data = a!.data.map(x => operation(x, b!.data[0]!));
    return float(a!.dims, data);
  };

/** Each with the number of its inputs and the attributes that it may have. */
const operators: Readonly<Record<string, readonly [inputs: number, attributes: readonly string[], Operator]>> = {
  Sub: [2, [], withNumber((a, b) => a - b)],
  Div: [2, [], withNumber((a, b) => a / b)],
  Tanh: [1, [], ([x]) => float(x!.dims, x!.data.map(Math.tanh))],

  // A B + C, where A or B is transposed if `transA` or `transB` says so; C is added to each row
  Gemm: [
    3,
    ['transA', 'transB'],
    ([a, b, c], { transA = 0, transB = 0 }) => {
      const [rows, lengthA] = transA ? [...a!.dims].reverse() : a!.dims;
      const [lengthB, columns] = transB ? [...b!.dims].reverse() : b!.dims;
      if (lengthA !== lengthB || `${c!.dims}` !== `${columns}`)
        throw new Error(`Gemm of [${a!.dims}], [${b!.dims}] and [${c!.dims}] does not fit`);
      const atA = (n: number, k: number) => a!.data[transA ? k * rows! + n : n * lengthA! + k]!;
      const atB = (k: number, m: number) => b!.data[transB ? m * lengthA! + k : k * columns! + m]!;
      const sums = Array.from({ length: rows! * columns! }, (_, at) => {
        const [n, m] = [Math.floor(at / columns!), at % columns!];
        let sum = c!.data[m]!;
        for (let k = 0; k < lengthA!; k++) sum += atA(n, k) * atB(k, m);
        return sum;
      });
      return float([rows!, columns!], sums);
    },
  ],

  // the place of the largest, the first of equal ones; the axis stays, with a length of 1, unless `keepdims` is 0
  ArgMax: [
    1,
    ['axis', 'keepdims'],
    ([x], { axis = 0, keepdims = 1 }) => {
      const [rows, columns] = x!.dims;
      if (axis !== 1 || x!.dims.length !== 2) throw new Error('ArgMax is known here along the rows of a matrix only');
      const places = Array.from({ length: rows! }, (_, n) => {
        const row = x!.data.slice(n * columns!, (n + 1) * columns!);
        return row.indexOf(Math.max(...row));
      });
      return { type: 'int64', dims: keepdims ? [rows!, 1] : [rows!], data: places };
    },
  ],
};

// --- the model

export interface OnnxModel {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** @throws Error where a value is missing or has not the type and the shape that the model promises. */
  run(inputs: Readonly<Record<string, Value>>): Record<string, Value>;
}

/** @throws Error for whatever ONNX does not allow, or is not known here. */
export function readOnnx(file: Uint8Array): OnnxModel {
  const pbf = new PbfReader(file);
  const { irVersion = 0, operatorSets = [], graph = {} } = model(pbf);
  if (pbf.pos !== file.length) throw new Error(`it ends after ${file.length} bytes; ${pbf.pos} were promised`);
  // what the papers of operator set 13 ask for: the file format that came with it
  if (irVersion < 7 || operatorSets.length !== 1 || operatorSets[0]!.domain || operatorSets[0]!.version !== 13)
    throw new Error(`format ${irVersion} with operators ${JSON.stringify(operatorSets)}; 7 and 13 were wanted`);
  const { nodes = [], initializers = [], inputs = [], outputs = [] } = graph;
  const named = (values: readonly { name?: string }[]) => values.map(({ name = '' }) => name);

  return {
    inputNames: named(inputs),
    outputNames: named(outputs),
    run(given) {
      const values = new Map(initializers.map(one => [one.name ?? '', initial(one)]));
      const dims = new Map<string, number>(); // what N stands for
      for (const info of inputs) values.set(info.name ?? '', checked(given[info.name ?? ''], info, dims));
      for (const { operator = '', inputs = [], outputs = [], attributes = [] } of nodes) {
        const [count, known, compute] = operators[operator] ?? [];
        const others = attributes.filter(({ name = '', type }) => !known?.includes(name) || type !== INT);
        const from = inputs.map(name => values.get(name));
        if (compute === undefined || count !== from.length || outputs.length !== 1 || others.length > 0)
          throw new Error(`${operator} of ${inputs} with ${JSON.stringify(attributes)} is not known here`);
        if (from.includes(undefined)) throw new Error(`${operator} of ${inputs}: not all of them are known by then`);
        if (values.has(outputs[0]!)) throw new Error(`${outputs[0]} comes twice`);
        const settings = Object.fromEntries(attributes.map(({ name = '', i = 0 }) => [name, i]));
        values.set(outputs[0]!, compute(from as Value[], settings));
      }
      return Object.fromEntries(
        outputs.map(info => [info.name ?? '', checked(values.get(info.name ?? ''), info, dims)]),
      );
    },
  };
}

function initial({ name, dims = [], type = 0, raw = new Uint8Array(0) }: ReturnType<typeof tensor>): Value {
  const count = dims.reduce((a, b) => a * b, 1);
  if (TYPES[type] !== 'float32' || raw.length !== 4 * count)
    throw new Error(`${name}: ${raw.length} bytes of type ${type} for [${dims}]`);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  return float(
    dims,
    Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true)),
  );
}

/** The value, if it is as the model says; a dimension that has a name is the same wherever the name stands. */
function checked(
  value: Value | undefined,
  { name, type }: ReturnType<typeof valueInfo>,
  dims: Map<string, number>,
): Value {
  const { elements = 0, shape = {} } = type?.tensor ?? {};
  const wanted = (shape.dim ?? []).map(({ value: fixed, parameter = '' }, i) => {
    if (fixed === undefined && !dims.has(parameter)) dims.set(parameter, value?.dims[i] ?? 0);
    return fixed ?? dims.get(parameter);
  });
  if (value === undefined || value.type !== TYPES[elements] || `${value.dims}` !== `${wanted}`)
    throw new Error(`${name} is ${value?.type} [${value?.dims}]; ${TYPES[elements]} [${wanted}] was promised`);
  return value;
}
