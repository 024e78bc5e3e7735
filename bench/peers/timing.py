"""Times several workers in turns: every engine sees the same minutes of the machine."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

_TURN_SECONDS = 0.4
_SETTLE_SECONDS = 0.05  # the longest that an engine's threads still spin after a run
_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Timing:
    opening_ms: float
    peak_bytes: int
    turns: list[float] = field(default_factory=list)  # least milliseconds of each turn, per batch

    def ms(self) -> float:
        return min(self.turns)

    def spread(self) -> float:
        """How far the median turn lies above the best one: the machine's noise."""
        return sorted(self.turns)[len(self.turns) // 2] / self.ms() - 1


class Worker:
    def __init__(self, engine: str, model: Path, threads: int, images: Path, logits: Path, environment: dict[str, str]):
        program = Path(__file__).with_name("worker.py")
        self._process = subprocess.Popen(
            [sys.executable, program, engine, model, str(threads), images, logits],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | environment,
        )
        self.name = f"{engine} {model.name}"
        self.timing = Timing(**self._answer())

    def _answer(self) -> dict[str, float]:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended: see its message above")
        return json.loads(line)

    def run(self, count: int) -> float:
        print(count, file=self._process.stdin, flush=True)
        return self._answer()["ms"]

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _CLOCK_TICKS

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()


def _take_turn(worker: Worker, idle: list[Worker], count: int) -> None:
    time.sleep(_SETTLE_SECONDS)
    before = sum(other.cpu_seconds() for other in idle)
    start = time.perf_counter()
    worker.timing.turns.append(worker.run(count))
    disturbed = (sum(other.cpu_seconds() for other in idle) - before) / (time.perf_counter() - start)
    if disturbed > 0.05:
        print(f"warning: idle engines used {disturbed:.0%} of a core while {worker.name} was timed", file=sys.stderr)


def time_in_turns(workers: list[Worker], rounds: int) -> None:
    counts = {worker: max(3, round(_TURN_SECONDS * 1e3 / worker.run(1))) for worker in workers}
    for turn in range(rounds):
        for worker in workers if turn % 2 == 0 else reversed(workers):
            _take_turn(worker, [other for other in workers if other is not worker], counts[worker])
