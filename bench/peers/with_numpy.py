"""numpy, batched, with the BLAS that it finds."""
import numpy as np
from peer import blas, serve


def prepare(work, threads):
    x, t, labels = work.trainInput, work.trainTarget, work.labels
    test_x, test_labels = work.testInput, work.testLabels
    w1, b1, w2, b2 = work.w1, work.b1, work.w2, work.b2
    eta = np.float32(work.eta)

    def step():
        x1 = np.tanh(x @ w1.T + b1)
        x2 = np.tanh(x1 @ w2.T + b2)
        difference = x2 - t
        loss = float(np.vdot(difference, difference))
        errors = int((x2.argmax(1) != labels).sum())
        d2 = 2 * difference * (1 - x2 * x2)
        d1 = (d2 @ w2) * (1 - x1 * x1)
        np.subtract(w1, eta * (d1.T @ x), out=w1)
        np.subtract(b1, eta * d1.sum(0), out=b1)
        np.subtract(w2, eta * (d2.T @ x1), out=w2)
        np.subtract(b2, eta * d2.sum(0), out=b2)
        test_x2 = np.tanh(np.tanh(test_x @ w1.T + b1) @ w2.T + b2)
        return loss, errors, int((test_x2.argmax(1) != test_labels).sum())

    return step


serve(prepare, f'numpy {np.__version__}, {blas()}')
