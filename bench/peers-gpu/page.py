"""The results as a page of Markdown."""

import re

_HEAD = """# {device}

PyTorch {torch}, CUDA {cuda}. Milliseconds of a run, images and logits in device memory: the least, and in brackets the
median. The roofline, with PyTorch, TF32 off: {gflops:.0f} GFLOP/s of a large matrix product, {gbps:.0f} GB/s of a copy.
Winograd's steps may pass it, since their GFLOP/s are those of a direct evaluation.
"""


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _table(batches: dict) -> list[str]:
    ways = list(next(iter(batches.values())))
    lines = ["| batch | " + " | ".join(ways) + " | fastest peer without TF32 / senet |", "|--:" * (len(ways) + 2) + "|"]
    for batch, times in batches.items():
        cells = [f"{times[way]['least']:.3f} ({times[way]['median']:.3f})" for way in ways]
        exact = [times[way]["median"] for way in ways if way != "senet" and "TF32" not in way]
        ratio = f"{min(exact) / times['senet']['median']:.2f} x" if exact else ""
        lines.append(f"| {batch} | " + " | ".join(cells) + f" | {ratio} |")
    return lines


def _cost(name: str, networks: dict) -> list[str]:
    """Of SE, over the same network without it."""
    plain = networks.get(f"{name}_plain")
    if plain is None:
        return []
    lines = ["", "What SE costs, by medians:", ""]
    for batch, times in networks[name]["batches"].items():
        costs = [f"{way} {times[way]['median'] / plain['batches'][batch][way]['median'] - 1:+.1%}"
                 for way in times if way in plain["batches"][batch]]
        lines.append(f"- batch {batch}: " + ", ".join(costs))
    return lines


def page(numbers: dict) -> str:
    networks = numbers["networks"]
    device = next(iter(networks.values()))["device"]
    lines = [_HEAD.format(device=device, **numbers)]
    for name, result in networks.items():
        errors = ", ".join(f"{what} {error:.1e}" for what, error in result["errors"].items())
        lines += [f"## {name}", "", f"Opened in {result['opening_ms']:.0f} ms. Off the CPU's logits by, of the largest:"]
        lines += [f"{errors}.", ""]
        lines += _table(result["batches"]) + _cost(name, networks) + [""]
        for batch, profile in result["profiles"].items():
            lines += [f"<details><summary>Steps, batch {batch}</summary>", "", "```", profile.rstrip(), "```", ""]
            lines += ["</details>", ""]
    return "\n".join(lines)
