"""The tables of the results' page, in Markdown."""

import importlib.metadata
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from prepare import Tools
from results import Cost, Result

ENGINES = {"senet_cpu": "senet", "onnxruntime_cpu": "ONNX Runtime", "openvino_cpu": "OpenVINO", "ncnn_cpu": "ncnn"}

# What a program that runs models has to ship, without the model: a package's files.
_OPENVINO = ("openvino", "openvino_intel_cpu_plugin", "openvino_onnx_frontend", "tbb")
_LIBRARIES = {
    "onnxruntime_cpu": ("onnxruntime", ["capi/onnxruntime_pybind11_state*.so"]),
    "openvino_cpu": ("openvino", [f"libs/lib{name}.so*" for name in _OPENVINO]),
    "ncnn_cpu": ("ncnn", ["ncnn*.so"]),
}


def _table(titles: list[str], left: int, rows: list[list[str]]) -> str:
    """The first `left` columns are flush left."""
    lines = [titles, ["---"] * left + ["--:"] * (len(titles) - left), *rows]
    return "\n" + "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def rows_of(results: list[Result]) -> Iterator[tuple[list[str], list[Result]]]:
    """Results of one network, number of threads and batch together, with the cells that name them."""
    for key in dict.fromkeys(result.setting() for result in results):
        yield [str(part) for part in key], [result for result in results if result.setting() == key]


def ratio(row: list[Result]) -> float | None:
    """The fastest peer's time over ours."""
    ours = [result.ms for result in row if result.engine == "senet_cpu"]
    peers = [result.ms for result in row if result.engine != "senet_cpu"]
    return min(peers) / ours[0] if peers else None


def _engines(results: list[Result]) -> dict[str, str]:
    return {result.engine: ENGINES[result.engine] for result in results}


def speed(results: list[Result], peak: float) -> str:
    titles = ["network", "threads", "batch", *_engines(results).values(), "fastest peer / senet"]
    rows = [
        [*head, *(f"{result.ms:.2f} ({result.share(peak):.0%})" for result in row), f"**{ratio(row):.2f} x**"]
        for head, row in rows_of(results)
    ]
    return _table(titles, 1, rows)


def scaling(results: list[Result]) -> str:
    """Several threads over one; "" where there is nothing to compare."""
    single = {(r.network, r.engine, r.batch): r.ms for r in results if r.threads == 1}
    rows = []
    for head, row in rows_of([result for result in results if result.threads > 1]):
        if all((r.network, r.engine, r.batch) in single for r in row):
            rows.append([*head, *(f"{single[r.network, r.engine, r.batch] / r.ms:.2f} x" for r in row)])
    return _table(["network", "threads", "batch", *_engines(results).values()], 1, rows) if rows else ""


def costs(measured: list[Cost]) -> str:
    rows = [
        [
            cost.network,
            ENGINES[cost.engine],
            *(f"{ms:.2f}" for ms in (cost.plain_ms, cost.se_ms)),
            f"{cost.cost:+.2%}",
            f"{cost.low:+.2%} to {cost.high:+.2%}",
            str(cost.pairs),
        ]
        for cost in measured
    ]
    return _table(["network", "engine", "plain, ms", "with SE, ms", "cost of SE", "95 % interval", "pairs"], 2, rows)


def costs_in_turns(results: list[Result]) -> str:
    """From the best turns; "" where no network without SE took turns."""
    plain = {(r.setting(), r.engine): r.ms for r in results if r.plain}
    with_se = [r for r in results if not r.plain and (r.setting(), r.engine) in plain]
    rows = [
        [*head, *(f"{result.ms / plain[result.setting(), result.engine] - 1:+.1%}" for result in row)]
        for head, row in rows_of(with_se)
    ]
    return _table(["network", "threads", "batch", *_engines(with_se).values()], 1, rows) if rows else ""


def moved(networks: dict[str, list[dict[str, int]]]) -> str:
    """MB per image, with SE and without."""
    titles = ["maps_read", "maps_written", "sums", "vectors", "weights"]
    rows = []
    for name, both in networks.items():
        for kind, counted in zip(("with SE", "plain"), both):
            rows.append([name, kind, *(f"{counted[title] / 1e6:.3f}" for title in titles)])
    return _table(["network", "", *(title.replace("_", " ") for title in titles)], 2, rows)


def _library_bytes(engine: str, tools: Tools) -> int:
    if engine == "senet_cpu":
        return tools.libsenet.stat().st_size
    package, patterns = _LIBRARIES[engine]
    folder = Path(importlib.util.find_spec(package).submodule_search_locations[0])
    files = {path.resolve() for pattern in patterns for path in folder.glob(pattern)}
    return sum(path.stat().st_size for path in files)


def _model_bytes(model: Path) -> int:
    return sum(path.stat().st_size for path in {model, model.with_suffix(".bin")} if path.exists())


def opening(results: list[Result], tools: Tools) -> str:
    rows = []
    for result in results:
        sizes = result.peak_bytes, _library_bytes(result.engine, tools), _model_bytes(Path(result.model))
        cells = [f"{result.opening_ms - result.ms * result.batch:.0f}", *(f"{size / 1e6:.1f}" for size in sizes)]
        rows.append([result.network, ENGINES[result.engine], *cells])
    return _table(["network", "engine", "opening, ms", "peak memory, MB", "library, MB", "model, MB"], 2, rows)


def versions() -> str:
    return ", ".join(
        f"{ENGINES[name]} {importlib.metadata.version(package)}" for name, (package, _) in _LIBRARIES.items()
    )
