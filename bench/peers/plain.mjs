/** Plain JavaScript: the practical's loop over single samples, as loops over typed arrays, no library. */
import { labelsOf, serve } from './peer.mjs';

serve(async ({ N, M, D, H, C, eta, trainInput, trainTarget, testInput, testTarget, w1, b1, w2, b2 }) => {
  const labels = labelsOf(trainTarget, C);
  const testLabels = labelsOf(testTarget, C);
  const x1 = new Float32Array(H);
  const x2 = new Float32Array(C);
  const d1 = new Float32Array(H);
  const [dw1, db1, dw2, db2] = [w1, b1, w2, b2].map(parameter => new Float32Array(parameter.length));

  /** y = tanh(w x + b), x being `length` numbers from `from` on. */
  const layer = (y, w, b, x, from, length) => {
    for (let i = 0; i < y.length; i++) {
      let sum = b[i];
      for (let j = 0, row = i * length; j < length; j++) sum += w[row + j] * x[from + j];
      y[i] = Math.tanh(sum);
    }
  };
  const forward = (inputs, n) => {
    layer(x1, w1, b1, inputs, n * D, D);
    layer(x2, w2, b2, x1, 0, H);
    let largest = 0;
    for (let k = 1; k < C; k++) if (x2[k] > x2[largest]) largest = k;
    return largest;
  };

  return () => {
    for (const sum of [dw1, db1, dw2, db2]) sum.fill(0);
    let loss = 0;
    let errors = 0;
    for (let n = 0; n < N; n++) {
      if (forward(trainInput, n) !== labels[n]) errors++;
      d1.fill(0);
      for (let k = 0; k < C; k++) {
        const difference = x2[k] - trainTarget[n * C + k];
        loss += difference * difference;
        const d = 2 * difference * (1 - x2[k] * x2[k]);
        db2[k] += d;
        for (let h = 0, row = k * H; h < H; h++) {
          dw2[row + h] += d * x1[h];
          d1[h] += d * w2[row + h];
        }
      }
      for (let h = 0; h < H; h++) {
        const d = d1[h] * (1 - x1[h] * x1[h]);
        db1[h] += d;
        for (let i = 0, row = h * D, from = n * D; i < D; i++) dw1[row + i] += d * trainInput[from + i];
      }
    }
    for (const [parameter, sum] of [
      [w1, dw1],
      [b1, db1],
      [w2, dw2],
      [b2, db2],
    ]) {
      for (let i = 0; i < sum.length; i++) parameter[i] -= eta * sum[i];
    }
    let testErrors = 0;
    for (let n = 0; n < M; n++) if (forward(testInput, n) !== testLabels[n]) testErrors++;
    return [loss, errors, testErrors];
  };
});
