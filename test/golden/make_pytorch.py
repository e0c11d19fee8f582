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


# ————— operations —————


def plain(t):
    """A tensor, number or bool as JSON has it; NaN and the infinities as text."""
    if isinstance(t, (bool, int)):
        return t
    if isinstance(t, float):
        return t if np.isfinite(t) else str(t)
    if isinstance(t, (list, tuple)):
        return [plain(x) for x in t]
    values = [plain(float(x)) for x in t.flatten().tolist()]
    return {"dtype": str(t.dtype).replace("torch.", ""), "shape": list(t.shape), "values": values}


def make_operations():
    """[operands, result] by the operation's name and a number; the result is null where PyTorch refuses."""
    golden = {"torch": torch.__version__}
    f64, i64, b8 = torch.float64, torch.int64, torch.bool
    nan, inf = float("nan"), float("inf")
    torch.manual_seed(7)
    eighths = lambda *shape: (torch.randn(*shape) * 16).round() / 8  # sums of products are exact
    x = eighths(2, 3)
    v = torch.tensor([1.5, -2.25, 0.75])
    special = torch.tensor([nan, inf, -inf, 0.0, -1.0, 90.0, -90.0])
    whole = torch.tensor([[3, -1, 2], [0, 5, -4]])
    truth = torch.tensor([[True, False, True], [False, False, True]])
    wide = torch.linspace(-4, 4, 9, dtype=f64)
    cube = eighths(2, 3, 4)
    nothing, noRows = torch.zeros(0), torch.zeros(0, 3)
    scalar, double = torch.tensor(0.5), torch.tensor(0.25, dtype=f64)

    def case(name, operation, *operands):
        try:
            result = operation(*operands)
            if isinstance(result, tuple):
                result = list(result)
        except (RuntimeError, IndexError, TypeError, ValueError):
            result = None
        number = sum(key.split()[0] == name for key in golden) + 1
        golden[f"{name} {number}"] = [plain(list(operands)), None if result is None else plain(result)]

    for name in ("tanh", "exp", "log", "sqrt", "abs", "neg", "relu", "sigmoid", "cosh"):
        for t in (x, special, whole, wide, nothing, noRows, scalar):
            case(name, getattr(torch, name), t)
    for name in ("tanh", "exp", "log", "sqrt", "sigmoid", "cosh"):
        case(name, getattr(torch, name), truth)
    case("neg", torch.neg, truth)
    for name in ("add", "sub", "mul", "div", "pow", "eq", "maximum", "minimum"):
        operation = getattr(torch, name)
        pairs = [(x, v), (x, x.t()), (x, whole), (whole, truth), (x, double), (x, x.to(f64)), (whole, double)]
        pairs += [(nothing, scalar), (noRows, v), (noRows, nothing), (special, special.flip(0)), (v, scalar), (whole, whole.abs())]
        for a, b in pairs:
            case(name, operation, a, b)
        for number in (2, 0.5, -1):
            case(name, operation, whole, number)
            case(name, operation, x, number)
    for name in ("sum", "mean", "max", "min", "argmax", "argmin"):
        operation = getattr(torch, name)
        for t in (x, special, whole, wide, nothing, noRows, scalar, torch.tensor([1.0, 3.0, 3.0, 1.0])):
            case(name, operation, t)
        for t, dim in ((x, 0), (x, 1), (x, -1), (whole, 0), (cube, 1), (noRows, 0), (noRows, 1), (scalar, 0), (x, 2), (special, 0)):
            case(name, operation, t, dim)
            case(name, lambda t, dim, keep: operation(t, dim, keepdim=keep), t, dim, True)
    for p in (0, 1, 2, 3, 0.5, inf, -inf):
        for t in (x, special, nothing, scalar, wide, whole):
            case("norm", lambda t, p: t.norm(p), t, p)
        case("norm", lambda t, p, dim: t.norm(p, dim), cube, p, 1)
        case("norm", lambda t, p, dim, keep: t.norm(p, dim, keep), x, p, -1, True)
    for t in (x, v, cube, scalar, nothing):
        case("t", torch.t, t)
    for a, b in ((x, v), (x, x), (v, v), (noRows, v), (torch.zeros(3, 0), nothing), (x.t(), torch.tensor([nan, 1.0]))):
        case("mv", torch.mv, a, b)
        case("mm", torch.mm, a, b)
        case("dot", torch.dot, a, b)
        case("outer", torch.outer, a, b)
    for a, b in ((x, x.t()), (x, x), (noRows, x.t()), (torch.zeros(2, 0), torch.zeros(0, 3)), (whole, whole.t())):
        case("mm", torch.mm, a, b)
    case("dot", torch.dot, nothing, nothing)
    case("dot", torch.dot, v, torch.tensor([1.0, 2.0]))
    stacked = eighths(5, 1, 4, 2)
    factors = ((v, v), (x, v), (v, x.t()), (x, x.t()), (x, x), (cube, stacked), (cube, torch.ones(4)), (v, cube), (cube, x), (x, scalar), (torch.zeros(2, 0, 3), x.t()))
    for a, b in factors:
        case("matmul", torch.matmul, a, b)
    one = torch.tensor([1.0, nan])
    for a, b in ((x, x.clone()), (x, v), (one, one), (nothing, nothing), (nothing, noRows), (whole, whole.clone()), (x, x + 1e-7), (x, x + 1e-3)):
        case("equal", torch.equal, a, b)
        case("allclose", torch.allclose, a, b)
    positive = x > 0
    for condition, a, b in ((positive, x, v), (positive, x, -x), (truth, whole, x), (truth, x, 0.0), (truth, 1.0, x), (truth, 1, 0), (truth, 0.5, 0.25), (x, x, x), (truth, x, torch.zeros(2)), (torch.zeros(0, 3, dtype=b8), x[:0], v), (truth, torch.tensor([[nan], [1.0]]), v), (truth[0], x, scalar)):
        case("where", torch.where, condition, a, b)
    for tensors, dim in (([x, x], 0), ([x, x], 1), ([x, x], -1), ([x, x], 2), ([x, v], 0), ([x, whole], 0), ([x, nothing], 0), ([nothing, x], 1), ([v, v, v], 0), ([cube, cube], 2), ([noRows, x], 0), ([x, x.to(f64)], 0), ([truth, whole], 0)):
        case("cat", torch.cat, tensors, dim)
        case("stack", torch.stack, tensors, dim)
    case("cat", torch.cat, [], 0)
    for t in (x, v, cube, scalar, noRows):
        case("T", lambda t: t.T, t)
        case("flatten", torch.flatten, t)
        case("squeeze", torch.squeeze, t)
        for dim in (0, 1, 2, -1, -2, -3):
            case("unsqueeze", torch.unsqueeze, t, dim)
            case("squeeze", torch.squeeze, t.unsqueeze(0), dim)
        for p, q in ((0, 1), (0, 2), (-1, 0), (1, 1)):
            case("transpose", torch.transpose, t, p, q)
    for first, last in ((0, 1), (1, 2), (1, 1), (2, 0), (0, -1), (0, 3)):
        case("flatten", torch.flatten, cube, first, last)
    for t, size in ((x, (3, 2)), (x.t(), (6,)), (x.t(), (2, -1)), (x, (4, 2)), (noRows, (3, 0)), (noRows, (-1, 0)), (scalar, (1, 1)), (x, (-1, -1))):
        case("reshape", torch.reshape, t, size)
    for t, size in ((v, (2, 3)), (x, (2, 3)), (x, (4, 2, 3)), (x[:, :1], (2, 4)), (x[:, :1], (-1, 4)), (x, (2, 4)), (x, (3,)), (scalar, (2, 2)), (x[:, :1], (2, 0)), (v, (-1, 3))):
        case("expand", lambda t, size: t.expand(size), t, size)
    for start, end, step in ((0, 5, 1), (2, 11, 3), (5, 0, -2), (0, 1, 0.25), (1, 1, 1), (0, 5, -1), (0, 1, 0.3), (0, 5, 0), (0.5, 3, 1)):
        case("arange", torch.arange, start, end, step)
    case("arange", torch.arange, 4)
    case("arange", torch.arange, 2.5)
    for t in (x, whole, truth, wide, noRows):
        case("zerosLike", torch.zeros_like, t)
        case("onesLike", torch.ones_like, t)
    case("full", torch.full, [2, 3], 0.9)
    case("full", torch.full, [0, 3], nan)
    torch.manual_seed(3)
    golden["rand 1"] = [[3, 5], plain(torch.rand(3, 5))]
    save("pytorch-operations.json", golden)


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
    make_operations()
    if DATA_DIR:
        make_mnist_logs()
