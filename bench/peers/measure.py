"""One comparison: all engines on one network with one number of threads and one batch."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

import formula
from prepare import WORK, Network, Tools
from timing import Worker, time_in_turns

_TOLERANCE = 1e-4  # of the largest logit
_OPENINGS = 3  # the fastest counts


@dataclass
class Result:
    network: str
    plain: bool  # without SE
    engine: str
    threads: int
    batch: int
    ms: float  # per image
    spread: float
    flops: int  # per image, of direct evaluation
    opening_ms: float  # from opening the file to the first logits, the inference included
    peak_bytes: int
    model: Path

    def share(self, peak: float) -> float:
        """Of what `threads` cores can do when one does `peak` flop/s."""
        return self.flops / (self.ms * 1e-3) / (self.threads * peak)


def _check_agreement(logits: dict[str, np.ndarray]) -> None:
    reference_name, reference = next(iter(logits.items()))
    if not np.isfinite(reference).all() or np.ptp(reference) == 0:
        raise RuntimeError(f"{reference_name} gives no sensible logits: {reference.flat[:4]}")
    for name, values in logits.items():
        difference = np.abs(values - reference).max() / np.abs(reference).max()
        if not difference <= _TOLERANCE:
            raise RuntimeError(f"{name} differs from {reference_name} by {difference:.1e} of the largest logit")


@dataclass
class _Contender:
    network: Network
    engine: str
    model: Path
    worker: Worker
    logits: np.ndarray

    def result(self, threads: int, batch: int) -> Result:
        timing = self.worker.timing
        return Result(
            self.network.name,
            self.network.plain,
            self.engine,
            threads,
            batch,
            timing.ms() / batch,
            timing.spread(),
            self.network.graph.flops(),
            timing.opening_ms,
            timing.peak_bytes,
            self.model,
        )


def _open(network: Network, engine: str, model: Path, threads: int, images: Path, tools: Tools) -> _Contender:
    for path in (model, model.with_suffix(".bin")):
        if path.exists():
            path.read_bytes()  # opening is timed with the page cache warm
    logits = WORK / "logits.npy"

    def start() -> Worker:
        return Worker(engine, model, threads, images, logits, {"SENET_LIBRARY": str(tools.libsenet)})

    worker, openings = start(), []
    for _ in range(_OPENINGS - 1):
        openings.append(worker.timing.opening_ms)
        worker.close()
        worker = start()
    worker.timing.opening_ms = min(worker.timing.opening_ms, *openings)
    return _Contender(network, engine, model, worker, np.load(logits))


def _open_all(network: Network, threads: int, batch: int, tools: Tools) -> list[_Contender]:
    images = WORK / "images.npy"
    np.save(images, formula.images((batch, *network.graph.nodes[0].shape)))
    files = [(engine, model) for engine, models in network.models.items() for model in models]
    return [_open(network, engine, model, threads, images, tools) for engine, model in files]


def measure(networks: list[Network], threads: int, batch: int, rounds: int, tools: Tools) -> list[list[Result]]:
    """Per network the fastest of every engine's models; all networks take their turns together."""
    contenders: list[_Contender] = []
    try:
        for network in networks:
            opened = _open_all(network, threads, batch, tools)
            contenders += opened
            _check_agreement({f"{entry.engine} on {entry.model.name}": entry.logits for entry in opened})
        time_in_turns([contender.worker for contender in contenders], rounds)
    finally:
        for contender in contenders:
            contender.worker.close()
    results = sorted((contender.result(threads, batch) for contender in contenders), key=lambda result: result.ms)
    best = {(result.network, result.plain, result.engine): result for result in reversed(results)}
    return [[best[network.name, network.plain, engine] for engine in network.models] for network in networks]
