"""ncnn: fp32 storage and arithmetic, Winograd and packing on, pooled memory as in its own benchmark.

ncnn has no batch dimension: a batch is its images one after another.
"""

from collections.abc import Callable
from pathlib import Path

import ncnn
import numpy as np

from engines import image_by_image


def _open_net(param: str, threads: int, allocators: tuple[object, object]) -> ncnn.Net:
    net = ncnn.Net()
    net.opt.num_threads = threads
    for fast in ("winograd_convolution", "sgemm_convolution", "packing_layout"):
        setattr(net.opt, f"use_{fast}", True)
    for narrow in ("fp16_packed", "fp16_storage", "fp16_arithmetic", "bf16_packed", "bf16_storage"):
        setattr(net.opt, f"use_{narrow}", False)
    net.opt.blob_allocator, net.opt.workspace_allocator = allocators
    if net.load_param(param) != 0 or net.load_model(str(Path(param).with_suffix(".bin"))) != 0:
        raise RuntimeError(f"ncnn can't load {param}")
    return net


def open_engine(model: str, threads: int, images: np.ndarray, apart: bool) -> Callable[[], np.ndarray]:
    unlocked = ncnn.PoolAllocator if apart else ncnn.UnlockedPoolAllocator
    allocators = unlocked(), ncnn.PoolAllocator()
    net = _open_net(model, 1 if apart else threads, allocators)
    inputs = [ncnn.Mat(image).clone() for image in images]

    def logits_of(image: ncnn.Mat) -> np.ndarray:
        assert allocators  # the net doesn't keep them alive
        extractor = net.create_extractor()
        extractor.input("in0", image)
        return np.array(extractor.extract("out0")[1])

    return image_by_image(logits_of, inputs, threads if apart else 1)
