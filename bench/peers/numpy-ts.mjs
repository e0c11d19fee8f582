/**
 * numpy-ts, whose kernels are WebAssembly, on one thread. The weights are stored (in, out), the transposed inputs once
 * for all: it multiplies matrices that lie in rows faster.
 */
import * as np from 'numpy-ts';
import { labelsOf, serve } from './peer.mjs';

serve(async work => {
  const { N, M, D, H, C, eta } = work;
  np.configureWasm?.({ maxMemory: 2 ** 31 });
  const matrix = (values, ...shape) => np.array(values).reshape(...shape);
  const transposed = a => np.ascontiguousarray(a.transpose());
  const x = matrix(work.trainInput, N, D);
  const t = matrix(work.trainTarget, N, C);
  const labels = labelsOf(work.trainTarget, C);
  const testX = matrix(work.testInput, M, D);
  const testLabels = labelsOf(work.testTarget, C);
  let w1 = transposed(matrix(work.w1, H, D));
  let b1 = np.array(work.b1);
  let w2 = transposed(matrix(work.w2, C, H));
  let b2 = np.array(work.b2);
  const xT = transposed(x);

  const layer = (x, w, b) => np.tanh(x.matmul(w).add(b));
  const dsigma = y => y.multiply(y).multiply(-1).add(1); // from y = tanh s
  const errors = (x2, labels) => np.argmax(x2, 1).data.reduce((sum, k, n) => sum + Number(k !== labels[n]), 0);

  return () => {
    const x1 = layer(x, w1, b1);
    const x2 = layer(x1, w2, b2);
    const difference = x2.subtract(t);
    const loss = Number(difference.multiply(difference).sum());
    const trainErrors = errors(x2, labels);
    const d2 = difference.multiply(2).multiply(dsigma(x2));
    const d1 = d2.matmul(w2.transpose()).multiply(dsigma(x1));
    w1 = w1.subtract(xT.matmul(d1).multiply(eta));
    b1 = b1.subtract(d1.sum(0).multiply(eta));
    w2 = w2.subtract(x1.transpose().matmul(d2).multiply(eta));
    b2 = b2.subtract(d2.sum(0).multiply(eta));
    return [loss, trainErrors, errors(layer(layer(testX, w1, b1), w2, b2), testLabels)];
  };
});
