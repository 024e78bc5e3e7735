"""The results as a page of Markdown, its picture and its numbers."""

from pathlib import Path

import chart
import machine
import tables
from prepare import Tools
from results import Cost, Result, Results, numbers_of
from timing import median

_HEAD = """# {cpu}, {date}

{cores} cores; {versions}.
"""

_SPEED = """
![milliseconds per image]({picture})

Milliseconds per image in fp32, written by `bench/peers/run`.

Every engine runs in a process of its own, in turns; the best of {rounds} turns counts (the median turn is typically
{noise:.0%} slower; other processes typically took {foreign:.0%} of a core meanwhile). In brackets: the multiply-adds of
direct evaluation per second as a share of the measured FMA peak, {peak:.0f} GFLOP/s a core; Winograd may exceed 100 %.
Each peer runs in several ways and the fastest counts: SE written as ReduceMean with Gemm, and as GlobalAveragePool with
1x1 Conv; several threads on a batch, and one thread an image. All engines' logits agree within 1e-4 of the largest.
"""

_SCALING = """
Several threads' speed over one thread's:
"""

_COST = """
## What SE costs

Over the same network without its SE blocks.
"""

_PAIRS = """
One thread, batch 1: the median of the ratios of pairs of runs, with SE and without, one right after the other
(`bench/peers/cost_of_se`); the interval is the sign test's.
"""

_TURNS = """
From the best turns of the table above:
"""

_MOVED = """
## What moves

MB an image at batch 1, counted from the plan: every map, partial sum, vector (means, gates, logits) and weight that a
kernel reads or writes, once a kernel.
"""

_OPENING = """
## Opening, memory and size

Opening: from the file, in the page cache, to the first logits, less one inference; the engine's libraries are loaded
before. Memory: the process's peak beyond what it held then, mapped files included. {threads} thread{s}, batch {batch}.
"""


def line(row: list[Result], peak: float) -> str:
    names = tables.ENGINES
    cells = [f"{names[r.engine]} {r.ms:.2f} ms ({r.share(peak):.0%}, +{r.spread:.0%})" for r in row]
    ratio = tables.ratio(row)
    cells += [f"ratio {ratio:.2f} x"] if ratio else []
    busy = max(result.foreign for result in row)
    cells += [f"(others took {busy:.0%} of a core)"] if busy > 0.05 else []
    kind = ", plain" if row[0].plain else ""
    return f"{row[0].network}{kind}, threads {row[0].threads}, batch {row[0].batch}: {'  '.join(cells)}"


def cost_line(cost: Cost) -> str:
    return (
        f"{cost.network}, {tables.ENGINES[cost.engine]}: SE costs {cost.cost:+.2%} ({cost.low:+.2%} to {cost.high:+.2%}; "
        f"{cost.pairs} pairs, {cost.se_ms:.2f} and {cost.plain_ms:.2f} ms)"
    )


def _speed(results: Results, with_se: list[Result], picture: str) -> str:
    text = _SPEED.format(
        picture=picture,
        rounds=results.rounds,
        noise=median([result.spread for result in results.times]),
        foreign=median([result.foreign for result in results.times]),
        peak=results.peak / 1e9,
    )
    scaling = tables.scaling(with_se)
    return text + tables.speed(with_se, results.peak) + (_SCALING + scaling if scaling else "")


def _cost(results: Results) -> str:
    in_turns = tables.costs_in_turns(results.times)
    text = _COST if results.costs or in_turns else ""
    text += _PAIRS + tables.costs(results.costs) if results.costs else ""
    return text + (_TURNS + in_turns if in_turns else "")


def _opening(with_se: list[Result], tools: Tools) -> str:
    threads, batch = min((result.threads, result.batch) for result in with_se)
    shown = [result for result in with_se if (result.threads, result.batch) == (threads, batch)]
    return _OPENING.format(threads=threads, batch=batch, s="s" * (threads > 1)) + tables.opening(shown, tools)


def write(path: Path, results: Results, tools: Tools) -> None:
    """PATH.md and, where times were measured, PATH.svg; the numbers themselves in build/peers."""
    results.times.sort(key=Result.setting)
    results.save(numbers_of(path))
    picture = path.with_suffix(".svg")
    text = _HEAD.format(
        cpu=machine.cpu_name(),
        date=machine.today(),
        cores=machine.cores(),
        versions=tables.versions(),
    )
    with_se = [result for result in results.times if not result.plain]
    if with_se:
        chart.write(picture, with_se)
        text += _speed(results, with_se, picture.name)
    text += _cost(results) + _MOVED + tables.moved(results.moved)
    path.with_suffix(".md").write_text(text + (_opening(with_se, tools) if with_se else ""))
