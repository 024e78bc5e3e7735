"""One engine in a process of its own: worker.py ENGINE MODEL THREADS APART IMAGES.npy LOGITS.npy

Opens the model, writes the first logits, prints a line of JSON and then answers each line `COUNT` on stdin with the
least milliseconds of that many runs. Between lines it sleeps on stdin, so that it doesn't disturb other workers.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np


def _status_bytes(field: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def _say(**answer: float) -> None:
    print(json.dumps(answer), flush=True)


def main(engine: str, model: str, threads: str, apart: str, images_file: str, logits_file: str) -> None:
    open_engine = importlib.import_module(f"engines.{engine}").open_engine
    images = np.load(images_file)
    Path("/proc/self/clear_refs").write_text("5")  # peak memory counts from here
    before = _status_bytes("VmRSS")

    start = time.perf_counter()
    run = open_engine(model, int(threads), images, apart == "apart")
    first = run()
    opening = (time.perf_counter() - start) * 1e3
    np.save(logits_file, first)
    second = _milliseconds(run)
    _say(opening_ms=opening, second_ms=second, peak_bytes=_status_bytes("VmHWM") - before)

    for line in sys.stdin:
        run()  # the caches and the clock are someone else's until then
        _say(ms=min(_milliseconds(run) for _ in range(int(line))))


main(*sys.argv[1:])
