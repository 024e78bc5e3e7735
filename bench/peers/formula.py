"""Images by formula (docs/formula-weights.md), the same bits as the compiler makes, so that engines can be compared without a data set."""

import math

import numpy as np


def unit(name: str, count: int) -> np.ndarray:
    """u(name, i) in [0, 1): the (i+1)-th output of SplitMix64 seeded with FNV-1a-64(name), its top 24 bits / 2**24."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) / 2.0**24


def images(shape: tuple[int, int, int, int]) -> np.ndarray:
    """float [N, C, H, W]: noise on a wave that differs from image to image and channel to channel."""
    i, k, y, x = np.meshgrid(*(np.arange(extent, dtype=np.float64) for extent in shape), indexing="ij")
    wave = np.sin(2 * np.pi * ((i + 1) * x / shape[3] + (k + 1) * y / shape[2])) + 0.5 * np.cos(i + k)
    return (unit("input", math.prod(shape)).reshape(shape) - 0.5 + wave).astype(np.float32)
