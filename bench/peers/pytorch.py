"""PyTorch: batched; after the number of threads `sample`, the practical's loop over single samples, or `vmap`, its functions for one sample made into ones for all."""
import re
import sys

import torch
from peer import blas, serve


def tensors(work):
    names = ['trainInput', 'trainTarget', 'labels', 'testInput', 'testTarget', 'testLabels', 'w1', 'b1', 'w2', 'b2']
    return [torch.from_numpy(getattr(work, name)) for name in names]


def batched(work, threads):
    torch.set_num_threads(1)  # OpenMP's; the threads are OpenBLAS's, which is faster
    x, t, labels, test_x, _, test_labels, w1, b1, w2, b2 = tensors(work)
    eta = work.eta

    def step():
        x1 = torch.addmm(b1, x, w1.t()).tanh_()
        x2 = torch.addmm(b2, x1, w2.t()).tanh_()
        difference = x2 - t
        loss = difference.pow(2).sum().item()
        errors = (x2.argmax(1) != labels).sum().item()
        d2 = difference.mul_(2).mul_(1 - x2 * x2)
        d1 = d2.mm(w2).mul_(1 - x1 * x1)
        w1.addmm_(d1.t(), x, alpha=-eta)
        b1.sub_(d1.sum(0), alpha=eta)
        w2.addmm_(d2.t(), x1, alpha=-eta)
        b2.sub_(d2.sum(0), alpha=eta)
        test_x2 = torch.addmm(b2, torch.addmm(b1, test_x, w1.t()).tanh_(), w2.t()).tanh_()
        return loss, errors, (test_x2.argmax(1) != test_labels).sum().item()

    return step


def sigma(x):
    return x.tanh()


def dsigma(x):
    return 1 - x.tanh().pow(2)


def forward_pass(w1, b1, w2, b2, x):
    s1 = w1.mv(x) + b1
    x1 = sigma(s1)
    s2 = w2.mv(x1) + b2
    return x, s1, x1, s2, sigma(s2)


def backward_pass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, dl_dw1, dl_db1, dl_dw2, dl_db2):
    dl_ds2 = 2 * (x2 - t) * dsigma(s2)
    dl_ds1 = w2.t().mv(dl_ds2) * dsigma(s1)
    dl_dw2.add_(dl_ds2.view(-1, 1).mm(x1.view(1, -1)))
    dl_db2.add_(dl_ds2)
    dl_dw1.add_(dl_ds1.view(-1, 1).mm(x.view(1, -1)))
    dl_db1.add_(dl_ds1)


def per_sample(work, threads):
    torch.set_num_threads(threads)
    x, t, _, test_x, test_t, _, w1, b1, w2, b2 = tensors(work)
    parameters = [w1, b1, w2, b2]
    sums = [torch.zeros_like(parameter) for parameter in parameters]

    def step():
        for total in sums:
            total.zero_()
        loss, errors, test_errors = 0, 0, 0
        for n in range(work.N):
            _, s1, x1, s2, x2 = forward_pass(*parameters, x[n])
            if t[n, x2.max(0)[1].item()] < 0.5:
                errors += 1
            loss += (t[n] - x2).pow(2).sum().item()
            backward_pass(*parameters, t[n], x[n], s1, x1, s2, x2, *sums)
        for parameter, total in zip(parameters, sums):
            parameter.sub_(total, alpha=work.eta)
        for n in range(work.M):
            x2 = forward_pass(*parameters, test_x[n])[-1]
            if test_t[n, x2.max(0)[1].item()] < 0.5:
                test_errors += 1
        return loss, errors, test_errors

    return step


def shares(w1, b1, w2, b2, t, x):
    """One sample's loss, answer and gradients: what is vmapped must return them, and may add to nothing."""
    _, s1, x1, s2, x2 = forward_pass(w1, b1, w2, b2, x)
    dl_ds2 = 2 * (x2 - t) * dsigma(s2)
    dl_ds1 = w2.t().mv(dl_ds2) * dsigma(s1)
    return (t - x2).pow(2).sum(), x2, torch.outer(dl_ds1, x), dl_ds1, torch.outer(dl_ds2, x1), dl_ds2


def vmapped(work, threads):
    try:
        from torch.func import vmap
    except ImportError:
        from functorch import vmap  # before PyTorch 2.0

    torch.set_num_threads(threads)
    x, t, labels, test_x, _, test_labels, w1, b1, w2, b2 = tensors(work)
    parameters = [w1, b1, w2, b2]
    forward = (None, None, None, None, 0)
    all_shares = vmap(shares, in_dims=(None, None, None, None, 0, 0))
    answers = vmap(lambda *given: forward_pass(*given)[-1], in_dims=forward)

    def step():
        loss, x2, *gradients = all_shares(*parameters, t, x)
        for parameter, gradient in zip(parameters, gradients):
            parameter.sub_(gradient.sum(0), alpha=work.eta)
        errors = (x2.argmax(1) != labels).sum().item()
        return loss.sum().item(), errors, (answers(*parameters, test_x).argmax(1) != test_labels).sum().item()

    return step


own_kernels = re.search(r'CPU capability usage: (.*)', torch.__config__.show())[1]
ways = {'sample': per_sample, 'vmap': vmapped}
with torch.no_grad():
    serve(
        ways.get(sys.argv[3] if sys.argv[3:] else '', batched),
        f'PyTorch {torch.__version__}, {own_kernels}, {blas()}',
    )
