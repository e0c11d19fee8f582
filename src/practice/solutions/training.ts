import { empty, zeros } from '../../tensor/index.ts';
import type { Training } from '../training.ts';
import { loss } from './loss.ts';
import { backwardPass, forwardPass } from './passes.ts';

/**
 * The training of a network of 784 inputs, 50 hidden units and 10 classes.
 *
 * - `await loadData()` gives `{ trainInput, trainTarget, testInput, testTarget }`; the targets are 0 and 1. Multiply
 *   both of them by ζ = 0.9, which tanh can reach.
 * - Draw w1 [50, 784], b1 [50], w2 [10, 50], b2 [10] in this order from N(0, ε) with ε = 1e-6, the standard deviation:
 *   `empty(50, 784).normal_(0, 1e-6)`.
 * - Do `steps` gradient steps of size η = 0.1 / N, where N is the number of training samples. For each of them: set the
 *   four sums to zero; for every training sample do the forward and the backward pass, add up the loss, and count an
 *   error where the target of the class with the largest response is below 0.5; then take the step, w1 ← w1 − η ∂ℓ/∂w1
 *   and so on; then count the errors of the new network on the test samples.
 * - After each step print one line, with k from 0 and the errors in percent:
 *
 *       {k} acc_train_loss {0.00} acc_train_error {0.00}% test_error {0.00}%
 */
export const train: Training = async ({ loadData, print, steps }) => {
  // solution: begin
  const { trainInput, trainTarget: trainOneHot, testInput, testTarget: testOneHot } = await loadData();
  const zeta = 0.9;
  const trainTarget = trainOneHot.mul(zeta);
  const testTarget = testOneHot.mul(zeta);
  const N = trainInput.size(0);
  const M = testInput.size(0);
  const eta = 0.1 / N;
  const epsilon = 1e-6;

  const w1 = empty(50, 784).normal_(0, epsilon);
  const b1 = empty(50).normal_(0, epsilon);
  const w2 = empty(10, 50).normal_(0, epsilon);
  const b2 = empty(10).normal_(0, epsilon);

  const dlDw1 = zeros(50, 784);
  const dlDb1 = zeros(50);
  const dlDw2 = zeros(10, 50);
  const dlDb2 = zeros(10);

  for (let k = 0; k < steps; k++) {
    dlDw1.zero_();
    dlDb1.zero_();
    dlDw2.zero_();
    dlDb2.zero_();

    let accLoss = 0;
    let trainErrors = 0;
    for (let n = 0; n < N; n++) {
      const x = trainInput.select(0, n);
      const t = trainTarget.select(0, n);
      const [, s1, x1, s2, x2] = forwardPass(w1, b1, w2, b2, x);
      accLoss += loss(x2, t).item();
      if (t.select(0, x2.argmax().item()).item() < 0.5) trainErrors += 1;
      backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2);
    }

    w1.sub_(dlDw1.mul(eta));
    b1.sub_(dlDb1.mul(eta));
    w2.sub_(dlDw2.mul(eta));
    b2.sub_(dlDb2.mul(eta));

    let testErrors = 0;
    for (let n = 0; n < M; n++) {
      const [, , , , x2] = forwardPass(w1, b1, w2, b2, testInput.select(0, n));
      if (testTarget.select(0, n).select(0, x2.argmax().item()).item() < 0.5) testErrors += 1;
    }

    const trainError = ((100 * trainErrors) / N).toFixed(2);
    const testError = ((100 * testErrors) / M).toFixed(2);
    print(`${k} acc_train_loss ${accLoss.toFixed(2)} acc_train_error ${trainError}% test_error ${testError}%`);
  }
  // solution: end
};
