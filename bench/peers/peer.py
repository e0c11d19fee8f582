"""What every peer in Python does, as peer.mjs does for those in JavaScript."""
import ctypes
import json
import re
import sys
import time
from types import SimpleNamespace

import numpy as np


def read_work(folder):
    with open(f'{folder}/sizes.json') as file:
        work = SimpleNamespace(**json.load(file))
    n, m, d, h, c = work.N, work.M, work.D, work.H, work.C
    shapes = dict(trainInput=(n, d), trainTarget=(n, c), testInput=(m, d), testTarget=(m, c))
    shapes |= dict(w1=(h, d), b1=(h,), w2=(c, h), b2=(c,))
    for name, shape in shapes.items():
        setattr(work, name, np.fromfile(f'{folder}/{name}.f32', np.float32).reshape(shape))
    work.labels = work.trainTarget.argmax(1)
    work.testLabels = work.testTarget.argmax(1)
    return work


def blas():
    """The OpenBLAS that this process has loaded and the kernels that it has chosen: 'OpenBLAS 0.3.21 Zen'."""
    try:
        with open('/proc/self/maps') as file:
            path = re.search(r'/\S*openblas\S*\.so\S*', file.read())
        if path is None:
            return 'no OpenBLAS'
        library = ctypes.CDLL(path[0])
        library.openblas_get_config.restype = library.openblas_get_corename.restype = ctypes.c_char_p
        version = library.openblas_get_config().decode().split(' ')[:2]
        return ' '.join([*version, library.openblas_get_corename().decode()])
    except (OSError, AttributeError):  # no Linux; names with a prefix, as in wheels from PyPI
        return 'its BLAS not known'


def serve(prepare, runtime):
    """`prepare(work, threads)` answers a step: () -> (training loss, training errors, test errors)."""
    step = prepare(read_work(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps(runtime), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        reports = [step() for _ in range(int(line))]
        ms = 1000 * (time.perf_counter() - start)
        print(json.dumps(dict(ms=ms, reports=reports)), flush=True)
