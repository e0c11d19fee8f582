"""JAX: functions for one sample that return their share, made into ones for all by vmap, and compiled."""
import os

# XLA takes all cores unless it is told otherwise before it is loaded
os.environ['XLA_FLAGS'] = '--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1'

import jax
import jax.numpy as jnp
from peer import serve


def dsigma(x):
    return 1 - jnp.tanh(x) ** 2


def forward_pass(w1, b1, w2, b2, x):
    s1 = w1 @ x + b1
    x1 = jnp.tanh(s1)
    s2 = w2 @ x1 + b2
    return x, s1, x1, s2, jnp.tanh(s2)


def shares(parameters, t, x):
    w1, b1, w2, b2 = parameters
    _, s1, x1, s2, x2 = forward_pass(w1, b1, w2, b2, x)
    dl_ds2 = 2 * (x2 - t) * dsigma(s2)
    dl_ds1 = (w2.T @ dl_ds2) * dsigma(s1)
    return jnp.sum((t - x2) ** 2), x2, (jnp.outer(dl_ds1, x), dl_ds1, jnp.outer(dl_ds2, x1), dl_ds2)


def vmapped(work, threads):
    x, t, labels, test_x, test_labels = (
        jnp.asarray(one) for one in (work.trainInput, work.trainTarget, work.labels, work.testInput, work.testLabels)
    )
    eta = work.eta

    @jax.jit
    def one_step(parameters):
        loss, x2, gradients = jax.vmap(shares, in_axes=(None, 0, 0))(parameters, t, x)
        parameters = [p - eta * g.sum(0) for p, g in zip(parameters, gradients)]
        answers = jax.vmap(lambda sample: forward_pass(*parameters, sample)[-1])(test_x)
        return parameters, loss.sum(), (x2.argmax(1) != labels).sum(), (answers.argmax(1) != test_labels).sum()

    parameters = [jnp.asarray(one) for one in (work.w1, work.b1, work.w2, work.b2)]

    def step():
        nonlocal parameters
        parameters, loss, errors, test_errors = one_step(parameters)
        return float(loss), int(errors), int(test_errors)

    return step


serve(vmapped, f'JAX {jax.__version__}')
