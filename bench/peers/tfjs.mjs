/**
 * TensorFlow.js on its WebAssembly backend, which in Node has one thread. Its fast product takes matrices as they lie:
 * the weights are stored (in, out), the transposed inputs once for all.
 */
import { createRequire } from 'node:module';
import { labelsOf, serve } from './peer.mjs';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-wasm');

serve(async work => {
  await tf.setBackend('wasm');
  const { N, M, D, H, C, eta } = work;
  const x = tf.tensor2d(work.trainInput, [N, D]);
  const t = tf.tensor2d(work.trainTarget, [N, C]);
  const labels = tf.tensor1d(labelsOf(work.trainTarget, C), 'int32');
  const testX = tf.tensor2d(work.testInput, [M, D]);
  const testLabels = tf.tensor1d(labelsOf(work.testTarget, C), 'int32');
  const xT = tf.keep(tf.transpose(x));
  let parameters = [
    tf.transpose(tf.tensor2d(work.w1, [H, D])),
    tf.tensor1d(work.b1),
    tf.transpose(tf.tensor2d(work.w2, [C, H])),
    tf.tensor1d(work.b2),
  ];
  const errors = (x2, labels) => tf.sum(tf.cast(tf.notEqual(tf.argMax(x2, 1), labels), 'float32'));

  return () => {
    const [next, ...report] = tf.tidy(() => {
      const [w1, b1, w2, b2] = parameters;
      const x1 = tf.tanh(tf.add(tf.matMul(x, w1), b1));
      const x2 = tf.tanh(tf.add(tf.matMul(x1, w2), b2));
      const difference = tf.sub(x2, t);
      const loss = tf.sum(tf.square(difference));
      const d2 = tf.mul(tf.mul(difference, 2), tf.sub(1, tf.square(x2)));
      const d1 = tf.mul(tf.matMul(d2, tf.transpose(w2)), tf.sub(1, tf.square(x1)));
      const less = (w, gradient) => tf.sub(w, tf.mul(gradient, eta));
      const next = [
        less(w1, tf.matMul(xT, d1)),
        less(b1, tf.sum(d1, 0)),
        less(w2, tf.matMul(tf.transpose(x1), d2)),
        less(b2, tf.sum(d2, 0)),
      ];
      const testX1 = tf.tanh(tf.add(tf.matMul(testX, next[0]), next[1]));
      const testX2 = tf.tanh(tf.add(tf.matMul(testX1, next[2]), next[3]));
      return [next, loss, errors(x2, labels), errors(testX2, testLabels)];
    });
    tf.dispose(parameters);
    parameters = next;
    const values = report.map(scalar => scalar.dataSync()[0]);
    tf.dispose(report);
    return values;
  };
});
