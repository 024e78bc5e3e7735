#!/usr/bin/env python3
"""Sizes and words of our own text files: text.py ROOT. Prints the files that break a rule; exit 1 if any does.

Reports the median and the 90th percentile of source files' lengths too, beside the budgets that CONTRIBUTING.md sets.
"""
import pathlib
import re
import statistics
import sys

FOLDERS = ["models", "generators", "schedules", "runtime", "tests", "bench", "cmake", "docs"]
SOURCES = {".h", ".c", ".cpp", ".py", ".cmake", ".sh"}
TEXTS = SOURCES | {".md", ".txt", ".json"}
HARD_LINES, MEDIAN_LINES, P90_LINES = 800, 160, 400
HARD_COLUMNS = 140

# Notes to oneself, which nobody else reads.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
# Paths of one person's machine.
PRIVATE_PATH = re.compile(r"(?<![\w./~}])/(home|root|work|Users)/")


def texts(root):
    yield from (path for path in sorted(root.iterdir()) if path.is_file() and path.suffix in TEXTS)
    for folder in FOLDERS:
        yield from (path for path in sorted((root / folder).rglob("*")) if path.is_file() and path.suffix in TEXTS)


def complaints(path, lines):
    if path.suffix in SOURCES and len(lines) > HARD_LINES:
        yield f"{len(lines)} lines, more than {HARD_LINES}: one idea a file"
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield f"line {number}: a note to oneself: {line.strip()}"
        if PRIVATE_PATH.search(line):
            yield f"line {number}: a path of one machine: {line.strip()}"
        if path.suffix in SOURCES and len(line) > HARD_COLUMNS:
            yield f"line {number}: {len(line)} columns, more than {HARD_COLUMNS}"
        if path.suffix in SOURCES and (line.endswith((" ", "\t", "\r")) or ("\t" in line)):
            yield f"line {number}: a tab, or space at the end"


def main():
    root = pathlib.Path(sys.argv[1])
    lengths, found = [], []
    for path in texts(root):
        lines = path.read_text(encoding="utf-8").split("\n")
        if path.suffix in SOURCES:
            lengths.append(len(lines) - 1)
        found += [f"{path.relative_to(root)}: {complaint}" for complaint in complaints(path, lines)]
    p90 = statistics.quantiles(lengths, n=10)[-1]
    print(f"{len(lengths)} source files, {sum(lengths)} lines; median {statistics.median(lengths):.0f} "
          f"(budget {MEDIAN_LINES}), 90th percentile {p90:.0f} (budget {P90_LINES}), longest {max(lengths)}")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
