"""The results as a page of Markdown."""

import importlib.metadata
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import machine
from measure import Result
from prepare import Tools

ENGINES = {"senet_cpu": "senet", "onnxruntime_cpu": "ONNX Runtime", "openvino_cpu": "OpenVINO", "ncnn_cpu": "ncnn"}

# What a program that runs models has to ship, without the model: a package's files.
_OPENVINO = ("openvino", "openvino_intel_cpu_plugin", "openvino_onnx_frontend", "tbb")
_LIBRARIES = {
    "onnxruntime_cpu": ("onnxruntime", ["capi/onnxruntime_pybind11_state*.so"]),
    "openvino_cpu": ("openvino", [f"libs/lib{name}.so*" for name in _OPENVINO]),
    "ncnn_cpu": ("ncnn", ["ncnn*.so"]),
}

_HEAD = """# {cpu}, {date}

![milliseconds per image]({picture})

Milliseconds per image in fp32, written by `bench/peers/run`. {cores} cores; {versions}.

Every engine runs in a process of its own, in turns; the best of {rounds} turns counts (the median turn is typically
{noise:.0%} slower). In brackets: the multiply-adds of direct evaluation per second as a share of the measured FMA peak,
{peak:.0f} GFLOP/s a core; Winograd may exceed 100 %. SE is written both as ReduceMean with Gemm and as
GlobalAveragePool with 1x1 Conv: each peer's faster one counts. ncnn has no batches and runs images one by one. All
engines' logits agree within 1e-4 of the largest.
"""

_COST_OF_SE = """
## What SE costs

Time beyond the same network without its SE blocks, in the same turns.
"""

_OPENING = """
## Opening, memory and size

Opening: from the file, in the page cache, to the first logits, less one inference; the engine's library is loaded
before. Memory: the process's peak beyond what it held then. {threads} thread{s}, batch {batch}.
"""


def _table(titles: list[str], left: int, rows: list[list[str]]) -> str:
    """The first `left` columns are flush left."""
    lines = [titles, ["---"] * left + ["--:"] * (len(titles) - left), *rows]
    return "\n" + "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def _rows(results: list[Result]) -> Iterator[tuple[list[str], list[Result]]]:
    """Results of one network, number of threads and batch together, with the cells that name them."""
    for key in dict.fromkeys((result.network, result.threads, result.batch) for result in results):
        yield [str(part) for part in key], [r for r in results if (r.network, r.threads, r.batch) == key]


def _ratio(row: list[Result]) -> str:
    """The fastest peer's time over ours."""
    ours = next(result.ms for result in row if result.engine == "senet_cpu")
    return f"{min(result.ms for result in row if result.engine != 'senet_cpu') / ours:.2f} x"


def _engines(results: list[Result]) -> list[str]:
    return [ENGINES[engine] for engine in dict.fromkeys(result.engine for result in results)]


def line(row: list[Result], peak: float) -> str:
    cells = [f"{ENGINES[r.engine]} {r.ms:.2f} ms ({r.share(peak):.0%}, +{r.spread:.0%})" for r in row]
    kind = ", plain" if row[0].plain else ""
    head = f"{row[0].network}{kind}, threads {row[0].threads}, batch {row[0].batch}"
    return f"{head}: {'  '.join(cells)}  ratio {_ratio(row)}"


def _speed(results: list[Result], peak: float) -> str:
    titles = ["network", "threads", "batch", *_engines(results), "fastest peer / senet"]
    rows = [
        [*head, *(f"{result.ms:.2f} ({result.share(peak):.0%})" for result in row), _ratio(row)]
        for head, row in _rows(results)
    ]
    return _table(titles, 1, rows)


def _cost_of_se(results: list[Result]) -> str:
    plain = {(r.network, r.engine, r.threads, r.batch): r.ms for r in results if r.plain}
    rows = []
    for head, row in _rows([result for result in results if not result.plain]):
        costs = [r.ms / plain[r.network, r.engine, r.threads, r.batch] - 1 for r in row]
        rows.append([*head, *(f"{cost:+.1%}" for cost in costs)])
    return _COST_OF_SE + _table(["network", "threads", "batch", *_engines(results)], 1, rows)


def _library_bytes(engine: str, tools: Tools) -> int:
    if engine == "senet_cpu":
        return tools.libsenet.stat().st_size
    package, patterns = _LIBRARIES[engine]
    folder = Path(importlib.util.find_spec(package).submodule_search_locations[0])
    files = {path.resolve() for pattern in patterns for path in folder.glob(pattern)}
    return sum(path.stat().st_size for path in files)


def _model_bytes(model: Path) -> int:
    return sum(path.stat().st_size for path in {model, model.with_suffix(".bin")} if path.exists())


def _opening(results: list[Result], tools: Tools) -> str:
    threads, batch = min((result.threads, result.batch) for result in results)
    rows = []
    for result in results:
        if (result.plain, result.threads, result.batch) == (False, threads, batch):
            sizes = result.peak_bytes, _library_bytes(result.engine, tools), _model_bytes(result.model)
            opening = result.opening_ms - result.ms * batch
            cells = [f"{opening:.0f}", *(f"{size / 1e6:.1f}" for size in sizes)]
            rows.append([result.network, ENGINES[result.engine], *cells])
    titles = ["network", "engine", "opening, ms", "peak memory, MB", "library, MB", "model, MB"]
    return _OPENING.format(threads=threads, batch=batch, s="s" * (threads > 1)) + _table(titles, 2, rows)


def _versions() -> str:
    return ", ".join(
        f"{ENGINES[name]} {importlib.metadata.version(package)}" for name, (package, _) in _LIBRARIES.items()
    )


def write(path: Path, results: list[Result], peak: float, rounds: int, tools: Tools) -> None:
    text = _HEAD.format(
        cpu=machine.cpu_name(),
        date=machine.today(),
        picture=path.with_suffix(".svg").name,
        cores=machine.cores(),
        versions=_versions(),
        rounds=rounds,
        noise=sorted(result.spread for result in results)[len(results) // 2],
        peak=peak / 1e9,
    )
    text += _speed([result for result in results if not result.plain], peak)
    if any(result.plain for result in results):
        text += _cost_of_se(results)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + _opening(results, tools))
