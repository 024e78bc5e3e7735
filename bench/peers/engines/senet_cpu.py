"""Ours, through libsenet's C interface; the library's path comes in SENET_LIBRARY."""

import os
from collections.abc import Callable

import numpy as np
import senet

_libsenet = senet.load(os.environ["SENET_LIBRARY"])


def open_engine(model: str, threads: int, images: np.ndarray, apart: bool) -> Callable[[], np.ndarray]:
    assert not apart, "a session's threads share a batch well already"
    session = senet.Session(_libsenet, model, "cpu", len(images), threads)
    logits = np.empty((len(images), session.classes()), np.float32)

    def run() -> np.ndarray:
        session.run(len(images), images.ctypes.data, logits.ctypes.data)
        return logits

    return run
