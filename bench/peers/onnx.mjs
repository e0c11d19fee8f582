/**
 * The whole gradient step as one graph of ONNX, for ONNX Runtime: the four parameters go in and come out, the samples
 * are constants of the graph. `node onnx.mjs FOLDER THREADS onnxruntime-node|onnxruntime-web`.
 *
 * The constant −2η in place of 2 in dloss makes every gradient come out as what is to be added to its parameter, so
 * that the product can add it at once.
 */
import protobuf from 'protobufjs';
import { onnxSchema } from '../../dist/run/export/onnx-schema.js';
import { labelsOf, serve } from './peer.mjs';

const FLOAT = 1;
const INT64 = 7;
const name = process.argv[4];
const ort = await import(name === 'onnxruntime-web' ? 'onnxruntime-web/wasm' : name).then(m => m.default ?? m);

function graphOf({ N, M, D, H, C, eta, trainInput, trainTarget, testInput, testTarget }) {
  const node = (opType, input, output, attributes = {}) => ({
    ...{ opType, input, output: [output] },
    attribute: Object.entries(attributes).map(([name, i]) => ({ name, i, type: 'INT' })),
  });
  const bytes = array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const constant = (name, dims, values) => {
    const int64 = values instanceof BigInt64Array;
    return { name, dims, dataType: int64 ? INT64 : FLOAT, rawData: bytes(values) };
  };
  const value = (name, dims, elemType = FLOAT) => {
    return { name, type: { tensorType: { elemType, shape: { dim: dims.map(dimValue => ({ dimValue })) } } } };
  };
  const longs = array => BigInt64Array.from(array, BigInt);
  const errors = (x2, labels, output) => [
    node('ArgMax', [x2], `${output} class`, { axis: 1, keepdims: 0 }),
    node('Equal', [`${output} class`, labels], `${output} right`),
    node('Not', [`${output} right`], `${output} wrong`),
    node('Cast', [`${output} wrong`], `${output} float`, { to: FLOAT }),
    node('ReduceSum', [`${output} float`], output, { keepdims: 0 }),
  ];
  return {
    name: 'step',
    initializer: [
      constant('x', [N, D], trainInput),
      constant('t', [N, C], trainTarget),
      constant('labels', [N], longs(labelsOf(trainTarget, C))),
      constant('test x', [M, D], testInput),
      constant('test labels', [M], longs(labelsOf(testTarget, C))),
      constant('-2 eta', [], Float32Array.of(-2 * eta)),
      constant('1', [], Float32Array.of(1)),
      constant('axis 0', [1], BigInt64Array.of(0n)),
    ],
    input: [value('w1', [H, D]), value('b1', [H]), value('w2', [C, H]), value('b2', [C])],
    output: [
      ...[value('new w1', [H, D]), value('new b1', [H]), value('new w2', [C, H]), value('new b2', [C])],
      ...[value('loss', []), value('errors', []), value('test errors', [])],
    ],
    node: [
      node('Gemm', ['x', 'w1', 'b1'], 's1', { transB: 1 }),
      node('Tanh', ['s1'], 'x1'),
      node('Gemm', ['x1', 'w2', 'b2'], 's2', { transB: 1 }),
      node('Tanh', ['s2'], 'x2'),
      node('Sub', ['x2', 't'], 'difference'),
      node('ReduceSumSquare', ['difference'], 'loss', { keepdims: 0 }),
      ...errors('x2', 'labels', 'errors'),
      node('Mul', ['x2', 'x2'], 'x2²'),
      node('Sub', ['1', 'x2²'], 'dsigma s2'),
      node('Mul', ['difference', '-2 eta'], 'dloss'),
      node('Mul', ['dloss', 'dsigma s2'], 'd2'),
      node('MatMul', ['d2', 'w2'], 'dx1'),
      node('Mul', ['x1', 'x1'], 'x1²'),
      node('Sub', ['1', 'x1²'], 'dsigma s1'),
      node('Mul', ['dx1', 'dsigma s1'], 'd1'),
      node('Gemm', ['d1', 'x', 'w1'], 'new w1', { transA: 1 }),
      node('ReduceSum', ['d1', 'axis 0'], 'db1', { keepdims: 0 }),
      node('Add', ['b1', 'db1'], 'new b1'),
      node('Gemm', ['d2', 'x1', 'w2'], 'new w2', { transA: 1 }),
      node('ReduceSum', ['d2', 'axis 0'], 'db2', { keepdims: 0 }),
      node('Add', ['b2', 'db2'], 'new b2'),
      node('Gemm', ['test x', 'new w1', 'new b1'], 'test s1', { transB: 1 }),
      node('Tanh', ['test s1'], 'test x1'),
      node('Gemm', ['test x1', 'new w2', 'new b2'], 'test s2', { transB: 1 }),
      node('Tanh', ['test s2'], 'test x2'),
      ...errors('test x2', 'test labels', 'test errors'),
    ],
  };
}

serve(async (work, threads) => {
  const Model = protobuf.parse(onnxSchema).root.lookupType('onnx.ModelProto');
  const model = { irVersion: 7, opsetImport: [{ domain: '', version: 13 }], graph: graphOf(work) };
  const bytes = Model.encode(Model.fromObject(model)).finish();
  if (name === 'onnxruntime-web') ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(bytes, {
    ...{ intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential' },
    ...{ graphOptimizationLevel: 'all', executionProviders: [name === 'onnxruntime-web' ? 'wasm' : 'cpu'] },
  });
  const { D, H, C } = work;
  const tensor = (name, ...dims) => new ort.Tensor('float32', work[name], dims);
  let parameters = { w1: tensor('w1', H, D), b1: tensor('b1', H), w2: tensor('w2', C, H), b2: tensor('b2', C) };
  return async () => {
    const results = await session.run(parameters);
    const { 'new w1': w1, 'new b1': b1, 'new w2': w2, 'new b2': b2 } = results;
    parameters = { w1, b1, w2, b2 };
    return [results.loss.data[0], results.errors.data[0], results['test errors'].data[0]];
  };
});
