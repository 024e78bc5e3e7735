"""What was measured, kept as JSON in build/peers so that an interrupted run goes on and other commands add to it."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from prepare import WORK


@dataclass
class Result:
    network: str
    plain: bool  # without SE
    engine: str
    threads: int
    batch: int
    model: str  # the file; of those that the engine may run the fastest
    apart: bool  # one thread an image
    ms: float  # per image
    spread: float
    foreign: float  # cores' worth of CPU that others took meanwhile
    flops: int  # per image, of direct evaluation
    opening_ms: float  # from opening the file to the first logits, the inference included
    peak_bytes: int

    def share(self, peak: float) -> float:
        """Of what `threads` cores can do when one does `peak` flop/s."""
        return self.flops / (self.ms * 1e-3) / (self.threads * peak)

    def setting(self) -> tuple[str, int, int]:
        return self.network, self.threads, self.batch


@dataclass
class Cost:
    """Of SE: one thread, batch 1, pairs of runs."""

    network: str
    engine: str
    pairs: int
    se_ms: float  # medians
    plain_ms: float
    cost: float  # the median of the pairs' ratios, less one
    low: float  # its 95 % interval
    high: float


@dataclass
class Results:
    rounds: int = 0
    peak: float = 0.0  # flop/s of one core
    times: list[Result] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    moved: dict[str, list[dict[str, int]]] = field(default_factory=dict)  # network: bytes an image, SE then plain

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")


def numbers_of(page: Path) -> Path:
    """The JSON that a page in bench/results is written from."""
    return WORK / (page.name + ".json")


def load(path: Path) -> Results:
    """Empty where there is no such file."""
    if not path.exists():
        return Results()
    read = json.loads(path.read_text())
    read["times"] = [Result(**entry) for entry in read["times"]]
    read["costs"] = [Cost(**entry) for entry in read["costs"]]
    return Results(**read)
