"""Times our libraries beside ONNX Runtime, OpenVINO and ncnn, and writes bench/results/<date>-<cpu>.{md,svg}.

Every engine runs in a process of its own that sleeps while others are timed; they take turns, and the best turn counts.
All engines run the same network, exported from our own graph with weights by formula; first their logits must agree.
The page is written anew after every setting; --resume keeps the settings that it has.
"""

import argparse
import sys
from pathlib import Path

import machine
import report
from measure import measure
from prepare import RELEASE, RELEASE_HELP, ROOT, Network, Tools, build_tools, prepare
from results import Results, load, numbers_of

NETWORKS = ["se_resnet18", "se_resnet34", "se_resnet50", "se_mobilenet_v1"]
_OPENINGS = 3  # of the first setting, whose openings the page shows; the fastest counts


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def add_common_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "networks", nargs="*", default=NETWORKS, metavar="NETWORK", help="default: " + " ".join(NETWORKS)
    )
    parser.add_argument("--build", type=Path, default=RELEASE, help=RELEASE_HELP)
    parser.add_argument("--output", type=Path, default=ROOT / "bench" / "results", help="default: bench/results")


def stem(output: Path) -> Path:
    return output / f"{machine.today()}-{machine.cpu_slug()}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/peers/run", description=__doc__)
    add_common_options(parser)
    parser.add_argument("--threads", type=_numbers, default=[1, 2], help="default: 1,2")
    parser.add_argument("--batch", type=_numbers, default=[1, 8], help="default: 1,8")
    parser.add_argument("--rounds", type=int, default=5, help="turns that each engine takes; default: 5")
    parser.add_argument(
        "--plain",
        choices=["none", "ours", "all"],
        default="ours",
        help="whose networks without SE take turns too; default: ours",
    )
    parser.add_argument("--resume", action="store_true", help="keep what today's page has, measure the rest")
    return parser.parse_args()


def _networks(name: str, plain: str, tools: Tools) -> list[Network]:
    with_se = [prepare(name, False, tools)]
    return with_se if plain == "none" else [*with_se, prepare(name, True, tools, peers=plain == "all")]


def _measure(options: argparse.Namespace, tools: Tools, results: Results, path: Path) -> None:
    done = {result.setting() for result in results.times}
    for name in options.networks:
        settings = [(name, threads, batch) for threads in options.threads for batch in options.batch]
        missing = [setting for setting in settings if setting not in done]
        if not missing:
            continue
        networks = _networks(name, options.plain, tools)
        results.moved[name] = [machine.moved_bytes(tools.senet, network.ours()) for network in networks]
        for _, threads, batch in missing:
            openings = _OPENINGS if (threads, batch) == (min(options.threads), min(options.batch)) else 1
            rows = measure(networks, threads, batch, options.rounds, openings, tools)
            results.peak = max(results.peak, machine.fma_peak(tools.senet, networks[0].ours()))
            results.times += rows
            for plain in dict.fromkeys(row.plain for row in rows):
                print(report.line([row for row in rows if row.plain == plain], results.peak), flush=True)
            report.write(path, results, tools)


def main() -> None:
    options = _arguments()
    tools = build_tools(options.build)
    path = stem(options.output)
    results = load(numbers_of(path)) if options.resume else Results()
    results.rounds = options.rounds
    _measure(options, tools, results, path)
    report.write(path, results, tools)
    print(f"wrote {path}.md and .svg")


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, ValueError) as error:
        sys.exit(f"bench/peers/run: {error}")
    except KeyboardInterrupt:
        sys.exit("bench/peers/run: interrupted; --resume goes on after the last whole setting")
