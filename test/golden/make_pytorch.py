"""Makes the golden files beside it: what PyTorch itself draws, logs and prints. The tests read the files, not PyTorch.

    DATA_DIR=folder-with-the-four-mnist-gz-files OMP_NUM_THREADS=1 python3 test/golden/make_pytorch.py

Needs python3, numpy and torch (the files were made with PyTorch 1.13 on one thread). It takes about a minute.
Without DATA_DIR the logs on MNIST are left as they are.
"""
import gzip, json, os
import numpy as np, torch

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
DATA_DIR = os.environ.get("DATA_DIR")


def save(name, value):
    """One entry a line, so that a difference shows."""
    lines = [f"{json.dumps(key)}: {json.dumps(entry, separators=(',', ':'))}" for key, entry in value.items()]
    with open(os.path.join(HERE, name), "w") as file:
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


# ————— random numbers —————


def excerpt(t):
    """Short tensors as they are, of long ones the first 20 and last 5 values and the sum of |values|."""
    flat = t.flatten().tolist()
    if len(flat) <= 64:
        return {"values": flat}
    return {"first": flat[:20], "last": flat[-5:], "sumAbs": t.double().abs().sum().item()}


def parameters(inputs, hidden, classes, epsilon=1e-6):
    shapes = (("w1", (hidden, inputs)), ("b1", (hidden,)), ("w2", (classes, hidden)), ("b2", (classes,)))
    return {name: torch.empty(*shape).normal_(0, epsilon) for name, shape in shapes}


def draws(generator=None):
    """A program of draws, one after the other from one stream. The test runs the same program."""
    out = []
    for n in (1, 2, 9, 15, 16, 17, 31, 50, 1, 3):  # an odd small tensor leaves a spare value to the next small one
        out.append(["normal", n, excerpt(torch.empty(n).normal_(0, 1, generator=generator))])
    out.append(["uniform", 7, excerpt(torch.empty(7).uniform_(generator=generator))])
    out.append(["normal", 1, excerpt(torch.empty(1).normal_(0, 1, generator=generator))])
    out.append(["uniform", 5, excerpt(torch.empty(5).uniform_(-3, 0.7, generator=generator))])
    for n in (10, 100):
        out.append(["randperm", n, torch.randperm(n, generator=generator).tolist()])
    out.append(["randn", 20, excerpt(torch.randn(20, generator=generator))])
    return out


def make_random():
    golden = {"torch": torch.__version__}
    golden["unseeded"] = draws(torch.Generator())  # torch.Generator() has a fixed seed, torch's default one a random one
    for seed in (0, 1, 123456789, 2**32 + 5):
        torch.manual_seed(seed)
        golden[f"draws {seed}"] = draws()
    for seed in (0, 1):
        torch.manual_seed(seed)
        golden[f"init {seed}"] = {name: excerpt(t) for name, t in parameters(784, 50, 10).items()}
    torch.manual_seed(3)
    torch.empty(1).normal_()
    torch.manual_seed(3)  # the spare value of the line above must not come out of this stream
    golden["reseeded 3"] = excerpt(torch.empty(2).normal_())
    save("pytorch-init.json", golden)


# ————— logs —————


def log(train_input, train_labels, test_input, test_labels, parameters, steps, eta=0.1):
    """[loss, training errors, test errors] for every step: the practical's loop with the samples as rows."""
    x, y, t, u = train_input, train_labels, test_input, test_labels
    target = torch.zeros(len(y), 10).scatter_(1, y.view(-1, 1), 1.0) * 0.9
    w1, b1, w2, b2 = parameters.values()
    rows = []
    for _ in range(steps):
        x1 = (x @ w1.t() + b1).tanh()
        x2 = (x1 @ w2.t() + b2).tanh()
        loss, errors = (x2 - target).pow(2).sum().item(), int((x2.argmax(1) != y).sum())
        d2 = 2 * (x2 - target) * (1 - x2**2)
        d1 = (d2 @ w2) * (1 - x1**2)
        step = eta / len(y)
        w2 = w2 - step * d2.t() @ x1
        b2 = b2 - step * d2.sum(0)
        w1 = w1 - step * d1.t() @ x
        b1 = b1 - step * d1.sum(0)
        answers = ((t @ w1.t() + b1).tanh() @ w2.t() + b2).argmax(1)
        rows.append([round(loss, 4), errors, int((answers != u).sum())])
    return rows


def read(name, header, size, count):
    with gzip.open(f"{DATA_DIR}/{name}") as file:
        return torch.from_numpy(np.frombuffer(file.read()[header : header + count * size], np.uint8).copy())


def mnist(train, test):
    x = read("train-images-idx3-ubyte.gz", 16, 784, train).view(-1, 784).float()
    t = read("t10k-images-idx3-ubyte.gz", 16, 784, test).view(-1, 784).float()
    y = read("train-labels-idx1-ubyte.gz", 8, 1, train).long()
    u = read("t10k-labels-idx1-ubyte.gz", 8, 1, test).long()
    mu, std = x.mean(), x.std()
    return (x - mu) / std, y, (t - mu) / std, u


def make_mnist_logs():
    golden = {"torch": torch.__version__}
    for size, train, test, steps, seeds in (
        ("tiny", 500, 100, 60, (0, 3)),
        ("small", 1000, 1000, 60, (0, 1, 11, 2024)),
        ("full", 60000, 10000, 3, (0,)),
    ):
        data = mnist(train, test)
        for seed in seeds:
            torch.manual_seed(seed)
            golden[f"{size} {seed}"] = log(*data, parameters(784, 50, 10), steps)
    save("mnist-log.json", golden)


def made_data():
    """300 points around ten prototypes: what test/golden/made-data.ts makes, to the bit."""
    torch.manual_seed(5)
    prototypes = torch.empty(10, 64).uniform_()
    noise = torch.empty(300, 64).uniform_()
    labels = torch.arange(300) % 10
    points = (prototypes[labels] - 0.5) * 2 + (noise - 0.5) * 2
    return points[:200], labels[:200], points[200:], labels[200:]


def make_made_log():
    golden = {"torch": torch.__version__}
    for seed in (0, 1):
        data = made_data()
        torch.manual_seed(seed)
        golden[str(seed)] = log(*data, parameters(64, 20, 10, 1e-3), 60)
    save("made-log.json", golden)


# ————— printing —————


def make_prints():
    f, i, b = torch.tensor, lambda v: torch.tensor(v, dtype=torch.int64), lambda v: torch.tensor(v, dtype=torch.bool)
    nan, inf = float("nan"), float("inf")
    golden = {
        "scalar": f(1.0),
        "fraction": f(0.123456),
        "whole": f([1.0, 2.0, -30.0]),
        "mixed": f([[1.5, -2.25], [300.0, 4.0]]),
        "small": f([1e-6, 2.0]),
        "ratio": f([1.0, 10000.0]),
        "wide": f([0.5, 600.0]),
        "special": f([nan, inf, -inf, 1.5]),
        "special and whole": f([nan, inf, 1.0]),
        "labels": i([5, 0, 4, 123]),
        "bool": b([True, False]),
        "cube": torch.arange(12.0).view(2, 3, 2),
        "long": torch.arange(30.0),
        "summary": torch.arange(2000.0).view(2, 1000) / 2000,
        "summary of whole numbers": torch.arange(1001, dtype=torch.int64),
        "empty": torch.empty(0),
        "empty rows": torch.empty(0, 3),
        "rows of nothing": torch.empty(2, 0),
        "float64": torch.tensor([0.5], dtype=torch.float64),
        "minus zero": f([-0.0, 1.5]),
        "infinite and whole": f([-inf, 1.0]),
        "long matrix": torch.arange(36.0).view(2, 18) / 8 + 0.25,
        "empty labels": torch.empty(0, dtype=torch.int64),
        "zeros": torch.zeros(2, 2),
        "large": f([123456789.0, 1.0]),
    }
    # Longhand writes types as TypeScript does
    ours = lambda t: str(t).replace("dtype=torch.", "dtype=")
    save("pytorch-print.json", {name: ours(t) for name, t in golden.items()})


if __name__ == "__main__":
    make_random()
    make_made_log()
    make_prints()
    if DATA_DIR:
        make_mnist_logs()
