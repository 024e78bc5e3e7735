"""What SE costs: pairs of runs, with SE and without, one thread, batch 1, in two processes that take turns.

Prints the median of the pairs' ratios and its 95 % interval, and adds both to today's page in bench/results.
"""

import argparse
import sys
from math import comb

import machine
import report
from compare import add_common_options, stem
from measure import Contender, close, open_all
from prepare import Network, Tools, build_tools, prepare
from results import Cost, load, numbers_of
from timing import median


def _interval(values: list[float]) -> tuple[float, float]:
    """Of the median, 95 % or a little more, whatever the distribution: by the signs of the differences from it."""
    values, count = sorted(values), len(values)
    outside, rank = 2 / 2**count, 1  # the median lies outside the values of rank `rank` from either end
    while rank < count // 2 and outside + 2 * comb(count, rank) / 2**count <= 0.05:
        outside += 2 * comb(count, rank) / 2**count
        rank += 1
    return values[rank - 1], values[count - rank]


def _cost(with_se: Contender, plain: Contender, pairs: int) -> Cost:
    times: dict[Contender, list[float]] = {with_se: [], plain: []}
    for pair in range(pairs):
        for contender in (with_se, plain) if pair % 2 == 0 else (plain, with_se):
            times[contender].append(contender.worker.run(1))
    ratios = [ours / theirs - 1 for ours, theirs in zip(times[with_se], times[plain])]
    return Cost(
        with_se.network.name,
        with_se.engine,
        pairs,
        median(times[with_se]),
        median(times[plain]),
        median(ratios),
        *_interval(ratios),
    )


def _fastest(contenders: list[Contender], engine: str) -> Contender:
    return min((entry for entry in contenders if entry.engine == engine), key=lambda entry: entry.worker.run(5))


def _costs(networks: list[Network], pairs: int, tools: Tools) -> list[Cost]:
    with_se, plain = [], []
    try:
        with_se = open_all(networks[0], 1, 1, tools)
        plain = open_all(networks[1], 1, 1, tools)
        return [_cost(_fastest(with_se, engine), _fastest(plain, engine), pairs) for engine in networks[0].models]
    finally:
        close(with_se + plain)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/peers/cost_of_se", description=__doc__)
    add_common_options(parser)
    parser.add_argument("--pairs", type=int, default=200, help="default: 200")
    parser.add_argument("--peers", action="store_true", help="the peers' costs too")
    options = parser.parse_args()
    if options.pairs < 6:
        parser.error("--pairs: fewer than 6 give no 95 % interval")
    tools = build_tools(options.build)
    path = stem(options.output)
    for name in options.networks:
        networks = [prepare(name, plain, tools, options.peers) for plain in (False, True)]
        costs = _costs(networks, options.pairs, tools)
        print("\n".join(map(report.cost_line, costs)), flush=True)
        results = load(numbers_of(path))
        measured = {(cost.network, cost.engine) for cost in costs}
        results.costs = [cost for cost in results.costs if (cost.network, cost.engine) not in measured] + costs
        results.moved[name] = [machine.moved_bytes(tools.senet, network.ours()) for network in networks]
        report.write(path, results, tools)
    print(f"wrote {path}.md")


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, ValueError) as error:
        sys.exit(f"bench/peers/cost_of_se: {error}")
