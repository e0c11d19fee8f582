/**
 * Whom Longhand is compared with. `program` is a file in the folder peers with its arguments, `package` what it imports
 * from npm, `threads` what it can make use of, `'all'` being as many as there are cores; `sample` marks those that go
 * sample by sample or keep a gradient of each sample, which are slow or large.
 */
export const peers = {
  longhand: { title: '**Longhand**', program: ['longhand.mjs'], threads: [1, 'all'] },
  'onnxruntime-node': {
    title: 'onnxruntime-node, native, a step as one graph',
    ...{ package: 'onnxruntime-node', program: ['onnx.mjs', 'onnxruntime-node'], threads: [1, 'all'] },
  },
  numpy: { title: 'numpy, native', program: ['with_numpy.py'], threads: [1, 'all'] },
  pytorch: { title: 'PyTorch, native, batched', program: ['pytorch.py'], threads: [1, 'all'] },
  tfjs: {
    title: 'TensorFlow.js, wasm backend',
    ...{ package: '@tensorflow/tfjs-core', program: ['tfjs.mjs'], threads: [1] },
  },
  'onnxruntime-web': {
    title: 'onnxruntime-web, a step as one graph',
    ...{ package: 'onnxruntime-web', program: ['onnx.mjs', 'onnxruntime-web'], threads: [1] },
  },
  jax: { title: 'jax-js, wasm backend, jit', package: '@jax-js/jax', program: ['jax.mjs'], threads: [1] },
  'numpy-ts': { title: 'numpy-ts', package: 'numpy-ts', program: ['numpy-ts.mjs'], threads: [1] },
  'longhand-batch': {
    title: 'Longhand, the practical as written, all samples at once (`--engine batch`)',
    ...{ program: ['longhand.mjs', 'batch'], threads: [1] },
  },
  'pytorch-vmap': {
    title: 'PyTorch, functions for one sample that return their share, `torch.func.vmap`',
    ...{ program: ['pytorch.py', 'vmap'], threads: [1], sample: true },
  },
  'jax-vmap': {
    title: 'JAX, the same, `jax.vmap` and `jax.jit`',
    ...{ program: ['with_jax.py'], threads: [1], sample: true },
  },
  'longhand-sample': {
    title: 'Longhand, the practical as written (`--engine sample`)',
    ...{ program: ['longhand.mjs', 'sample'], threads: [1], sample: true },
  },
  'pytorch-sample': {
    title: 'PyTorch, the practical as written',
    ...{ program: ['pytorch.py', 'sample'], threads: [1], sample: true },
  },
  plain: {
    title: 'plain JavaScript, sample by sample',
    ...{ program: ['plain.mjs'], threads: [1], sample: true },
  },
};
