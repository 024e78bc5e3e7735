"""How near each step is to what the device can do: to its arithmetic or its memory, whichever the step needs longer."""

import re
import time
from collections.abc import Callable

import torch

_LINE = re.compile(r"^\S+ +[\d.]+ +[\d.]+ % +(?P<gflops>[\d.]+|-) +(?:[\d.]+ %|-) +(?P<gbps>[\d.]+)")
_TRIES = 10


def _least(run: Callable[[], object], wait: Callable[[], None]) -> float:
    seconds = []
    for _ in range(_TRIES):
        wait()
        begun = time.perf_counter()
        run()
        wait()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


def measure(device: str, wait: Callable[[], None]) -> tuple[float, float]:
    """GFLOP/s of PyTorch's float32 matrix product without TF32, and GB/s of a copy, read and written."""
    size, floats = (2048, 1 << 26) if device == "cpu" else (8192, 1 << 28)
    torch.backends.cuda.matmul.allow_tf32 = False
    a, b = torch.randn(size, size, device=device), torch.randn(size, size, device=device)
    c = torch.empty_like(a)
    product = _least(lambda: torch.mm(a, b, out=c), wait)
    x = torch.ones(floats, device=device)
    y = torch.empty_like(x)
    copy = _least(lambda: y.copy_(x), wait)
    return 2 * size**3 / product * 1e-9, 2 * 4 * floats / copy * 1e-9


def annotate(profile: str, gflops: float, gbps: float) -> str:
    """`senet bench --profile`'s lines, each with its share of the roofline in front."""
    lines = []
    for line in profile.rstrip().splitlines():
        row = _LINE.match(line)
        if row is None:
            lines.append(f"{'roofline' if 'ms/image' in line else '':>8}  {line}".rstrip())
            continue
        arithmetic = 0 if row["gflops"] == "-" else float(row["gflops"]) / gflops
        lines.append(f"{max(arithmetic, float(row['gbps']) / gbps):>8.1%}  {line}")
    return "\n".join(lines)
