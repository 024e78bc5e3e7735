"""Reads the text form of a graph, as `senetc show` prints it before any pass.

%bn1 = batch_norm %conv1 weight=@bn1.weight ... epsilon=1e-05 : f32[64,112,112]
"""

import re
from dataclasses import dataclass, field
from math import prod

_LINE = re.compile(r"%(?P<name>\S+) = (?P<op>\w+)(?P<rest>.*) : f32\[(?P<shape>[\d,]+)\]")


@dataclass
class Node:
    name: str
    op: str
    shape: tuple[int, ...]  # of one image's value: (channels, height, width) or (channels,)
    inputs: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)  # constants without their @

    def number(self, key: str, default: int = 0) -> int:
        return int(self.attributes.get(key, default))

    def kernel(self) -> tuple[int, int]:
        """(height, width) of `kernel=3` or `kernel=7x7`."""
        sides = [int(side) for side in self.attributes["kernel"].split("x")]
        return sides[0], sides[-1]


@dataclass
class Graph:
    name: str
    nodes: list[Node]
    output: str

    def __getitem__(self, name: str) -> Node:
        return next(node for node in self.nodes if node.name == name)

    def constants(self) -> list[str]:
        keys = ("weight", "bias", "mean", "variance")
        return [node.attributes[key] for node in self.nodes for key in keys if key in node.attributes]

    def flops(self) -> int:
        """Two per multiply-add of every conv and linear, those on padding counted."""
        return sum(_flops(self, node) for node in self.nodes)


def _flops(graph: Graph, node: Node) -> int:
    if node.op not in ("conv", "linear"):
        return 0
    channels = graph[node.inputs[0]].shape[0] // node.number("groups", 1)
    taps = prod(node.kernel()) if node.op == "conv" else 1
    return 2 * prod(node.shape) * channels * taps


def _node(line: str) -> Node:
    match = _LINE.fullmatch(line)
    if not match:
        raise ValueError(f"can't read this line of a graph: {line!r}")
    node = Node(match["name"], match["op"], tuple(int(extent) for extent in match["shape"].split(",")))
    for word in match["rest"].split():
        key, equals, value = word.partition("=")
        if equals:
            node.attributes[key] = value.removeprefix("@")
        elif word.startswith("%"):
            node.inputs.append(word[1:])
    if "act" in node.attributes and node.op != "activation":
        raise ValueError(f"%{node.name} has a fused activation: print the graph before any pass")
    return node


def parse(text: str) -> Graph:
    name, output, nodes = "", "", []
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("graph "):
            name = line.split()[1]
        elif line.startswith("return "):
            output = line.split()[1].removeprefix("%")
        elif line.startswith("%"):
            nodes.append(_node(line))
    return Graph(name, nodes, output)
