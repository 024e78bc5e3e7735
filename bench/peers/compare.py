"""Times our libraries beside ONNX Runtime, OpenVINO and ncnn, and writes bench/results/<date>-<cpu>.{md,svg}.

Every engine runs in a process of its own that sleeps while others are timed; they take turns, and the best turn counts.
All engines run the same network, exported from our own graph with weights by formula; first their logits must agree.
"""

import argparse
import sys
from pathlib import Path

import chart
import machine
import report
from measure import Result, measure
from prepare import RELEASE, RELEASE_HELP, ROOT, build_tools, prepare

_NETWORKS = ["se_resnet18", "se_resnet34", "se_resnet50", "se_mobilenet_v1"]


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/peers/run", description=__doc__)
    parser.add_argument(
        "networks", nargs="*", default=_NETWORKS, metavar="NETWORK", help="default: " + " ".join(_NETWORKS)
    )
    parser.add_argument("--threads", type=_numbers, default=[1, 2], help="default: 1,2")
    parser.add_argument("--batch", type=_numbers, default=[1, 8], help="default: 1,8")
    parser.add_argument("--rounds", type=int, default=10, help="turns that each engine takes; default: 10")
    parser.add_argument("--plain", action="store_true", help="time the networks without SE too: what SE costs")
    parser.add_argument("--build", type=Path, default=RELEASE, help=RELEASE_HELP)
    parser.add_argument("--output", type=Path, default=ROOT / "bench" / "results", help="default: bench/results")
    return parser.parse_args()


def main() -> None:
    options = _arguments()
    tools = build_tools(options.build)
    peak = 0.0
    results: list[Result] = []
    for name in options.networks:
        networks = [prepare(name, plain, tools) for plain in ([False, True] if options.plain else [False])]
        for threads in options.threads:
            for batch in options.batch:
                rows = measure(networks, threads, batch, options.rounds, tools)
                peak = max(peak, machine.fma_peak(tools.senet, networks[0].models["senet_cpu"][0]))
                for row in rows:
                    print(report.line(row, peak), flush=True)
                    results += row
    stem = options.output / f"{machine.today()}-{machine.cpu_slug()}"
    report.write(stem.with_suffix(".md"), results, peak, options.rounds, tools)
    chart.write(stem.with_suffix(".svg"), results)
    print(f"wrote {stem}.md and {stem}.svg")


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, ValueError) as error:
        sys.exit(f"bench/peers/run: {error}")
