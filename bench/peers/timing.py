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
_HOPELESS = 1.1  # this far behind the best of its engine after the first round, a worker takes no more turns
_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Timing:
    opening_ms: float
    second_ms: float  # the run after the first
    peak_bytes: int
    turns: list[float] = field(default_factory=list)  # least milliseconds of each turn, per batch
    foreign: list[float] = field(default_factory=list)  # cores' worth of CPU that others took, per turn

    def ms(self) -> float:
        return min(self.turns)

    def spread(self) -> float:
        """How far the median turn lies above the best one: the machine's noise."""
        return median(self.turns) / self.ms() - 1


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


class Worker:
    def __init__(self, engine: str, arguments: list[object], environment: dict[str, str]):
        program = Path(__file__).with_name("worker.py")
        self._process = subprocess.Popen(
            [sys.executable, program, engine, *map(str, arguments)],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | environment,
            start_new_session=True,  # Ctrl-C is for us; workers end with their stdin
        )
        try:
            self.timing = Timing(**self._answer())
        except BaseException:
            self._process.kill()
            raise

    def _answer(self) -> dict[str, float]:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(map(str, self._process.args[1:]))} ended: see its message above")
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


def _busy_seconds() -> float:
    """Of all cores; what a hypervisor took for others included."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = Path("/proc/stat").read_text().split()[1:9]
    return sum(map(int, (user, nice, system, irq, softirq, steal))) / _CLOCK_TICKS


def _take_turn(worker: Worker) -> None:
    count = max(2, round(_TURN_SECONDS * 1e3 / worker.timing.second_ms))
    time.sleep(_SETTLE_SECONDS)
    start, all_before, own_before = time.perf_counter(), _busy_seconds(), worker.cpu_seconds()
    worker.timing.turns.append(worker.run(count))
    others = _busy_seconds() - all_before - (worker.cpu_seconds() - own_before)
    worker.timing.foreign.append(max(0.0, others / (time.perf_counter() - start)))


def time_in_turns(groups: list[list[Worker]], rounds: int) -> None:
    """Only the fastest of a group counts."""
    for turn in range(rounds):
        workers = [worker for group in groups for worker in group]
        for worker in workers if turn % 2 == 0 else reversed(workers):
            _take_turn(worker)
        best = [min(worker.timing.ms() for worker in group) for group in groups]
        groups = [
            [worker for worker in group if worker.timing.ms() <= _HOPELESS * least]
            for group, least in zip(groups, best)
        ]
