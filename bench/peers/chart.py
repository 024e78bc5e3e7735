"""The results as a picture: a row per network, a column per setting, each a few bars; readable on light and dark pages."""

from html import escape
from pathlib import Path

from results import Result
from tables import ENGINES, ratio

_LABELS, _CELL, _BAR, _VALUE = 124, 180, 15, 40  # pixels: of the engines' names, a column, a bar and its number
_TOP, _TITLE, _GAP = 40, 20, 18  # the columns' titles, a network's, and between networks
_PRETTY = {"resnet": "ResNet-", "mobilenet": "MobileNet", "_": "", "v1": "V1", "se": "SE-"}

_STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.value { font-size: 11px; }
.ratio { font-weight: 600; fill: #0969da; }
.peer { fill: #afb8c1; }
.ours { fill: #0969da; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .ratio { fill: #4493f8; }
  .peer { fill: #6e7681; }
  .ours { fill: #4493f8; }
}"""


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'


def _pretty(network: str) -> str:
    """se_resnet50 -> SE-ResNet-50"""
    for name, shown in _PRETTY.items():
        network = network.replace(name, shown)
    return network


def _bar(x: float, y: float, result: Result, slowest: float) -> list[str]:
    width = (_CELL - _VALUE) * result.ms / slowest
    kind = "ours" if result.engine == "senet_cpu" else "peer"
    return [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_BAR - 3}" rx="2" class="{kind}"/>',
        _text(x + width + 4, y + 10, f"{result.ms:.1f}", "value"),
    ]


def _group(y: float, cells: dict[int, list[Result]]) -> list[str]:
    """One network: its engines' names and, by column, their bars under the ratio."""
    some = next(iter(cells.values()))
    shapes = [_text(_LABELS - 8, y, _pretty(some[0].network), "title", "end")]
    shapes += [
        _text(_LABELS - 8, y + _TITLE + line * _BAR - 2, ENGINES[result.engine], "value", "end")
        for line, result in enumerate(some)
    ]
    slowest = max(result.ms for cell in cells.values() for result in cell)
    for column, cell in cells.items():
        x = _LABELS + column * _CELL
        shapes.append(_text(x, y, f"{ratio(cell):.2f} x", "ratio"))
        for line, result in enumerate(cell):
            shapes += _bar(x, y + _TITLE - 12 + line * _BAR, result, slowest)
    return shapes


def _picture(width: int, height: float, shapes: list[str]) -> str:
    size = f'width="{width}" height="{height:.0f}" viewBox="0 0 {width} {height:.0f}"'
    label = 'role="img" aria-label="milliseconds per image by engine, less is better"'
    body = "\n".join(shapes)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {label}><style>{_STYLE}</style>\n{body}\n</svg>\n'


def write(path: Path, results: list[Result]) -> None:
    columns = sorted({(result.batch, result.threads) for result in results})
    shapes = [
        _text(_LABELS + index * _CELL, 14, f"batch {batch}, {threads} thread{'s'[: threads > 1]}", "title")
        for index, (batch, threads) in enumerate(columns)
    ]
    y = float(_TOP)
    for network in dict.fromkeys(result.network for result in results):
        of_network = [result for result in results if result.network == network]
        cells: dict[int, list[Result]] = {}
        for result in of_network:
            cells.setdefault(columns.index((result.batch, result.threads)), []).append(result)
        shapes += _group(y, cells)
        y += _TITLE + len(next(iter(cells.values()))) * _BAR + _GAP
    note = "Milliseconds per image, fp32, less is better; in blue: the fastest peer's time over senet's."
    shapes.append(_text(_LABELS, y - 6, note, "value"))
    path.write_text(_picture(_LABELS + len(columns) * _CELL, y + 6, shapes))
