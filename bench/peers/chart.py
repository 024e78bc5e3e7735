"""The results as a picture: a column of bars per number of threads and batch, readable on light and dark pages."""

from html import escape
from pathlib import Path

from measure import Result
from report import ENGINES

_CELL, _LABELS, _BAR, _GAP, _TOP, _VALUE = 200, 120, 14, 22, 46, 44  # pixels

_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.value { font-size: 11px; }
.peer { fill: #8c959f; }
.ours { fill: #0969da; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .peer { fill: #6e7681; }
  .ours { fill: #4493f8; }
}"""


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'


def _bar(x: float, y: float, result: Result, slowest: float) -> list[str]:
    width = (_CELL - _VALUE) * result.ms / slowest
    kind = "ours" if result.engine == "senet_cpu" else "peer"
    return [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_BAR - 2}" rx="2" class="{kind}"/>',
        _text(x + width + 4, y + 10, f"{result.ms:.1f}", "value"),
    ]


def _group(y: float, cells: list[list[Result]]) -> list[str]:
    """One network: its engines' names and, in every column, their bars."""
    shapes = [_text(0, y - 6, cells[0][0].network, "title")]
    slowest = max(result.ms for cell in cells for result in cell)
    for column, cell in enumerate(cells):
        for line, result in enumerate(cell):
            shapes += _bar(_LABELS + column * _CELL, y + line * _BAR, result, slowest)
    for line, result in enumerate(cells[0]):
        shapes.append(_text(_LABELS - 8, y + line * _BAR + 10, ENGINES[result.engine], "value", "end"))
    return shapes


def _picture(width: int, height: float, shapes: list[str]) -> str:
    size = f'width="{width}" height="{height:.0f}" viewBox="0 0 {width} {height:.0f}"'
    label = 'role="img" aria-label="milliseconds per image, less is better"'
    body = "\n".join(shapes)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {label}><style>{_STYLE}</style>\n{body}\n</svg>\n'


def write(path: Path, results: list[Result]) -> None:
    shown = [result for result in results if not result.plain]
    columns = list(dict.fromkeys((result.threads, result.batch) for result in shown))
    networks = list(dict.fromkeys(result.network for result in shown))
    shapes = [
        _text(_LABELS + index * _CELL, 14, f"{threads} thread{'s'[:threads > 1]}, batch {batch}", "title")
        for index, (threads, batch) in enumerate(columns)
    ]
    y = float(_TOP)
    for network in networks:
        of_network = [result for result in shown if result.network == network]
        cells = [[result for result in of_network if (result.threads, result.batch) == column] for column in columns]
        shapes += _group(y, cells)
        y += len(cells[0]) * _BAR + _GAP + 8
    path.write_text(_picture(_LABELS + len(columns) * _CELL, y - _GAP + 4, shapes))
