"""Times the packed networks beside PyTorch on this machine's device."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import formula
import graph_text
import numpy as np
import page
import roofline
import senet
import torch
from network import Network

HERE = Path(__file__).resolve().parent
TOLERANCE = 4e-4  # of the largest logit
LIBSENET = senet.load(HERE / "libsenet.so")
Run = Callable[[], None]


def _run(program: str, *arguments: object) -> str:
    """One of the bundle's programs, with the shared libraries that it came with."""
    libraries = os.pathsep.join([str(HERE / "lib"), os.environ.get("LD_LIBRARY_PATH", "")])
    command = [HERE / program, *map(str, arguments)]
    environment = os.environ | {"LD_LIBRARY_PATH": libraries}
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def _wait(device: str) -> None:
    if device != "cpu":
        torch.cuda.synchronize()


def _set_tf32(on: bool) -> None:
    torch.backends.cuda.matmul.allow_tf32 = on
    torch.backends.cudnn.allow_tf32 = on


def _error(values: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(values - expected).max() / np.abs(expected).max())


class Ours:
    """One session for all batches of a network."""

    def __init__(self, library: Path, device: str, stream: "torch.cuda.Stream | None", max_batch: int):
        started = time.perf_counter()
        self.session = senet.Session(LIBSENET, library, device, max_batch, stream=stream.cuda_stream if stream else 0)
        self.opening_ms = (time.perf_counter() - started) * 1e3

    def run(self, images: torch.Tensor, logits: torch.Tensor) -> Run:
        return lambda: self.session.run(len(images), images.data_ptr(), logits.data_ptr())


def _theirs(
    network: Network, images: torch.Tensor, logits: torch.Tensor, compiled: bool, last: bool, tf32: bool
) -> Run:
    """`last`: channels last, which is NHWC."""
    layout = torch.channels_last if last else torch.contiguous_format
    model = network.to(memory_format=layout)
    if compiled:
        torch._dynamo.reset()
        model = torch.compile(model, mode="reduce-overhead")
    held = images.to(memory_format=layout)

    def run() -> None:
        _set_tf32(tf32)
        logits.copy_(model(held))

    return run


def _time(run: Run, device: str, seconds: float) -> list[float]:
    """Milliseconds of each run, after some that warm up, compile and record."""
    for _ in range(4):
        run()
    _wait(device)
    times: list[float] = []
    begun = time.perf_counter()
    while len(times) < 5 or time.perf_counter() - begun < seconds:
        before = time.perf_counter()
        run()
        _wait(device)
        times.append((time.perf_counter() - before) * 1e3)
    return times


def _ways(device: str, asked: list[str]) -> list[tuple[str, bool, bool, bool]]:
    """Name, compiled, channels last, TF32."""
    ways = []
    for mode in asked:
        for last in (False, True):
            for tf32 in (False, True) if device != "cpu" else (False,):
                name = f"{mode} {'NHWC' if last else 'NCHW'}{' TF32' if tf32 else ''}"
                ways.append((name, mode == "compile", last, tf32))
    return ways


def _expected(library: Path, images: np.ndarray, classes: int) -> np.ndarray:
    """By the library's kernels for the CPU, of two images."""
    session, logits = senet.Session(LIBSENET, library, "cpu", 2), np.empty((2, classes), np.float32)
    session.run(2, images.ctypes.data, logits.ctypes.data)
    session.close()
    return logits


class Comparison:
    def __init__(self, name: str, options: argparse.Namespace, stream: "torch.cuda.Stream | None"):
        self.name, self.options, self.device = name, options, options.device
        self.library = HERE / f"lib{name}.so"
        _run("write_weights", self.library)
        self.graph = graph_text.parse((HERE / f"{name}.graph").read_text())
        self.network = Network(self.graph).eval().to(self.device)
        self.classes = self.graph[self.graph.output].shape[0]
        self.ours = Ours(self.library, self.device, stream, max(max(options.batches), 2))

    def _check(self, what: str, logits: torch.Tensor, expected: np.ndarray) -> float:
        _wait(self.device)
        error = _error(logits[: len(expected)].cpu().numpy(), expected)
        if not error <= TOLERANCE:
            raise SystemExit(f"{self.name}: {what} is off by {error:.1e} of the largest logit: nothing was timed")
        return error

    def check(self) -> dict[str, float]:
        images = formula.images((2, *self.graph.nodes[0].shape))
        expected = _expected(self.library, images, self.classes)
        held, logits = torch.from_numpy(images).to(self.device), torch.empty(2, self.classes, device=self.device)
        eager = _theirs(self.network, held, logits, compiled=False, last=False, tf32=False)
        errors = {}
        for what, run in (("senet", self.ours.run(held, logits)), ("PyTorch", eager)):
            logits.fill_(float("nan"))
            run()
            errors[what] = self._check(what, logits, expected)
        return errors

    def times(self, batch: int) -> dict[str, dict[str, float]]:
        images = torch.from_numpy(formula.images((batch, *self.graph.nodes[0].shape))).to(self.device)
        logits = torch.empty(batch, self.classes, device=self.device)
        all_times: dict[str, list[float]] = {}
        for way in [None, *_ways(self.device, self.options.ways)]:
            run = self.ours.run(images, logits) if way is None else _theirs(self.network, images, logits, *way[1:])
            # Each way is measured in turn with ours, so that both see the same clock.
            for _ in range(self.options.rounds):
                if way:
                    all_times.setdefault(way[0], []).extend(_time(run, self.device, self.options.seconds))
                all_times.setdefault("senet", []).extend(
                    _time(self.ours.run(images, logits), self.device, self.options.seconds))
        return {name: {"least": min(times), "median": median(times)} for name, times in all_times.items()}

    def profile(self, batch: int, peaks: tuple[float, float]) -> str:
        profile = _run("senet", "bench", self.library, "--device", self.device, "--batch", batch, "--profile")
        return roofline.annotate(profile, *peaks)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compares the packed networks with PyTorch on this machine.")
    parser.add_argument("networks", nargs="*", default=sorted(path.stem for path in HERE.glob("*.graph")))
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8, 32, 128])
    parser.add_argument("--ways", nargs="+", choices=["eager", "compile"], default=["eager", "compile"])
    parser.add_argument("--rounds", type=int, default=3, help="turns of each way")
    parser.add_argument("--seconds", type=float, default=0.5, help="of each turn")
    parser.add_argument("--device", default="cuda", help="cuda, cuda:N or cpu")
    parser.add_argument("-o", "--output", type=Path, default=Path("."), help="folder of the results")
    return parser.parse_args()


def _measure(
    name: str, options: argparse.Namespace, stream: "torch.cuda.Stream | None", peaks: tuple[float, float]
) -> dict:
    comparison = Comparison(name, options, stream)
    result = {"device": comparison.ours.session.device(), "opening_ms": comparison.ours.opening_ms,
              "errors": comparison.check(), "batches": {}, "profiles": {}}
    for batch in options.batches:
        print(f"{name}, batch {batch}", file=sys.stderr)
        result["batches"][batch] = comparison.times(batch)
        result["profiles"][batch] = comparison.profile(batch, peaks)
    comparison.ours.session.close()
    return result


def main() -> None:
    options = _options()
    torch.backends.cudnn.benchmark = True
    results = {}
    with torch.inference_mode():
        peaks = roofline.measure(options.device, lambda: _wait(options.device))
        if options.device == "cpu":
            results = {name: _measure(name, options, None, peaks) for name in options.networks}
        else:
            torch.cuda.set_device(torch.device(options.device).index or 0)
            stream = torch.cuda.Stream()
            with torch.cuda.stream(stream):
                results = {name: _measure(name, options, stream, peaks) for name in options.networks}
    stem = options.output / ("results-" + page.slug(next(iter(results.values()))["device"]))
    numbers = {"torch": torch.__version__, "cuda": torch.version.cuda, "gflops": peaks[0], "gbps": peaks[1],
               "networks": results}
    stem.with_suffix(".json").write_text(json.dumps(numbers, indent=1) + "\n")
    stem.with_suffix(".md").write_text(page.page(numbers))
    print(page.page(numbers))


main()
