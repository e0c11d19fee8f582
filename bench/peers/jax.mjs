/**
 * jax-js on its WebAssembly backend, the step compiled by `jit`. Every operation takes its operand for itself; `.ref`
 * keeps it. `node jax.mjs FOLDER THREADS`: jax-js takes as many threads as it finds cores, so that the runner gives it
 * the cores that it may have.
 */
import * as jax from '@jax-js/jax';
import { labelsOf, serve } from './peer.mjs';

const { numpy: np, jit } = jax;

serve(async work => {
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  const { N, M, D, H, C, eta } = work;
  const array = (values, ...shape) => np.array(values, { shape });
  const x = array(work.trainInput, N, D);
  const t = array(work.trainTarget, N, C);
  const labels = array(labelsOf(work.trainTarget, C), N);
  const testX = array(work.testInput, M, D);
  const testLabels = array(labelsOf(work.testTarget, C), M);
  let parameters = [array(work.w1, H, D), array(work.b1, H), array(work.w2, C, H), array(work.b2, C)];

  const errors = (x2, labels) => np.argmax(x2, 1).notEqual(labels).astype(np.float32).sum();
  const layer = (x, w, b) => np.tanh(np.matmul(x, np.transpose(w)).add(b));
  const dsigma = y => np.subtract(1, np.square(y)); // from y = tanh s
  const step = jit((w1, b1, w2, b2, x, t, labels, testX, testLabels) => {
    const x1 = layer(x.ref, w1.ref, b1.ref);
    const x2 = layer(x1.ref, w2.ref, b2.ref);
    const difference = x2.ref.sub(t);
    const loss = np.square(difference.ref).sum();
    const d2 = difference.mul(2).mul(dsigma(x2.ref));
    const d1 = np.matmul(d2.ref, w2.ref).mul(dsigma(x1.ref));
    const newW1 = w1.sub(np.matmul(np.transpose(d1.ref), x).mul(eta));
    const newB1 = b1.sub(d1.sum(0).mul(eta));
    const newW2 = w2.sub(np.matmul(np.transpose(d2.ref), x1).mul(eta));
    const newB2 = b2.sub(d2.sum(0).mul(eta));
    const testX2 = layer(layer(testX, newW1.ref, newB1.ref), newW2.ref, newB2.ref);
    return [newW1, newB1, newW2, newB2, loss, errors(x2, labels), errors(testX2, testLabels)];
  });

  return async () => {
    const results = step(...parameters, x.ref, t.ref, labels.ref, testX.ref, testLabels.ref);
    parameters = results.slice(0, 4);
    const report = await Promise.all(results.slice(4).map(scalar => scalar.data()));
    return report.map(([value]) => value);
  };
});
