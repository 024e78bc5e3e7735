"""One comparison: all engines on one network, with and without SE, with one number of threads and one batch."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

import formula
from prepare import WORK, Network, Tools
from results import Result
from timing import Worker, median, time_in_turns

_TOLERANCE = 1e-4  # of the largest logit


def _check_agreement(logits: dict[str, np.ndarray]) -> None:
    reference_name, reference = next(iter(logits.items()))
    if not np.isfinite(reference).all() or np.ptp(reference) == 0:
        raise RuntimeError(f"{reference_name} gives no sensible logits: {reference.flat[:4]}")
    for name, values in logits.items():
        difference = np.abs(values - reference).max() / np.abs(reference).max()
        if not difference <= _TOLERANCE:
            raise RuntimeError(f"{name} differs from {reference_name} by {difference:.1e} of the largest logit")


@dataclass(eq=False)
class Contender:
    network: Network
    engine: str
    model: Path
    apart: bool  # one thread an image
    worker: Worker
    logits: np.ndarray

    def result(self, threads: int, batch: int) -> Result:
        timing = self.worker.timing
        return Result(
            network=self.network.name,
            plain=self.network.plain,
            engine=self.engine,
            threads=threads,
            batch=batch,
            model=str(self.model),
            apart=self.apart,
            ms=timing.ms() / batch,
            spread=timing.spread(),
            foreign=median(timing.foreign),
            flops=self.network.graph.flops(),
            opening_ms=timing.opening_ms,
            peak_bytes=timing.peak_bytes,
        )


def _open(network: Network, engine: str, model: Path, threads: int, apart: bool, tools: Tools) -> Contender:
    for path in (model, model.with_suffix(".bin")):
        if path.exists():
            path.read_bytes()  # opening is timed with the page cache warm
    logits = WORK / "logits.npy"
    arguments = [model, threads, "apart" if apart else "together", WORK / "images.npy", logits]
    worker = Worker(engine, arguments, {"SENET_LIBRARY": str(tools.libsenet)})
    return Contender(network, engine, model, apart, worker, np.load(logits))


def _reopen(contender: Contender, threads: int, tools: Tools) -> None:
    """Opens once more; the fastest opening counts."""
    timing = contender.worker.timing
    again = _open(contender.network, contender.engine, contender.model, threads, contender.apart, tools)
    again.worker.close()
    timing.opening_ms = min(timing.opening_ms, again.worker.timing.opening_ms)


def open_all(network: Network, threads: int, batch: int, tools: Tools) -> list[Contender]:
    """Every engine on each of its models, in each way to run a batch; all logits agree. Closed by the caller."""
    np.save(WORK / "images.npy", formula.images((batch, *network.graph.nodes[0].shape)))
    opened: list[Contender] = []
    try:
        for engine, models in network.models.items():
            ways = [False, True] if engine != "senet_cpu" and threads > 1 and batch > 1 else [False]
            opened += [_open(network, engine, model, threads, apart, tools) for model in models for apart in ways]
        _check_agreement({f"{entry.engine} on {entry.model.name}": entry.logits for entry in opened})
    except BaseException:
        close(opened)
        raise
    return opened


def close(contenders: list[Contender]) -> None:
    for contender in contenders:
        contender.worker.close()


def _groups(contenders: list[Contender]) -> list[list[Contender]]:
    """Those of which only the fastest counts."""
    keys = dict.fromkeys((entry.network.plain, entry.engine) for entry in contenders)
    return [[entry for entry in contenders if (entry.network.plain, entry.engine) == key] for key in keys]


def measure(
    networks: list[Network], threads: int, batch: int, rounds: int, openings: int, tools: Tools
) -> list[Result]:
    """Per network the fastest of every engine's ways; all networks take their turns together."""
    contenders: list[Contender] = []
    try:
        for network in networks:
            contenders += open_all(network, threads, batch, tools)
        groups = _groups(contenders)
        time_in_turns([[entry.worker for entry in group] for group in groups], rounds)
        fastest = [min(group, key=lambda entry: entry.worker.timing.ms()) for group in groups]
        for contender in fastest * (openings - 1):
            _reopen(contender, threads, tools)
    finally:
        close(contenders)
    return [contender.result(threads, batch) for contender in fastest]
