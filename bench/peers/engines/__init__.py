"""One module per engine, imported only in its worker's process. Each has

    open_engine(model: str, threads: int, images: np.ndarray, apart: bool) -> Callable[[], np.ndarray]

which opens the model for exactly these images, float [N, C, H, W]; what it returns runs them and gives the logits,
[N, classes]. `apart`: `threads` images at a time, each on one thread; else all threads work on the same.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

Image = TypeVar("Image")


def image_by_image(
    logits_of: Callable[[Image], np.ndarray], images: list[Image], at_once: int
) -> Callable[[], np.ndarray]:
    """Runs that many images at a time; logits_of must release Python's lock."""
    if at_once == 1:
        return lambda: np.stack([logits_of(image) for image in images])
    pool = ThreadPoolExecutor(at_once)
    return lambda: np.stack(list(pool.map(logits_of, images)))
