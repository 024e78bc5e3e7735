"""ncnn: fp32 storage and arithmetic, Winograd on (its default), pooled memory as in its own benchmark.

ncnn has no batch dimension: a batch is its images one after another.
"""

from collections.abc import Callable
from pathlib import Path

import ncnn
import numpy as np

_POOLS = (ncnn.UnlockedPoolAllocator(), ncnn.PoolAllocator())  # nets don't keep them alive


def _open_net(param: str, threads: int) -> ncnn.Net:
    net = ncnn.Net()
    net.opt.num_threads = threads
    for narrow in ("fp16_packed", "fp16_storage", "fp16_arithmetic", "bf16_packed", "bf16_storage"):
        setattr(net.opt, f"use_{narrow}", False)
    net.opt.blob_allocator, net.opt.workspace_allocator = _POOLS
    if net.load_param(param) != 0 or net.load_model(str(Path(param).with_suffix(".bin"))) != 0:
        raise RuntimeError(f"ncnn can't load {param}")
    return net


def open_engine(model: str, threads: int, images: np.ndarray) -> Callable[[], np.ndarray]:
    net = _open_net(model, threads)
    inputs = [ncnn.Mat(image).clone() for image in images]

    def logits(image: ncnn.Mat) -> np.ndarray:
        extractor = net.create_extractor()
        extractor.input("in0", image)
        return np.array(extractor.extract("out0")[1])

    return lambda: np.stack([logits(image) for image in inputs])
