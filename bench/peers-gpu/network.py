"""A network's graph as a PyTorch module, with weights by formula (docs/formula-weights.md)."""

import math

import formula
import numpy as np
import torch
from graph_text import Graph, Node
from torch import nn
from torch.nn import functional as F


def _weight(name: str, shape: tuple[int, ...]) -> torch.Tensor:
    values = (2 * formula.unit(name, math.prod(shape)) - 1) * math.sqrt(6 / math.prod(shape[1:]))
    return torch.from_numpy(values.astype(np.float32)).reshape(shape)


def _vector(name: str, size: int, scale: float, offset: float) -> torch.Tensor:
    return torch.from_numpy((scale * formula.unit(name, size) + offset).astype(np.float32))


def _bias(node: Node, size: int) -> torch.Tensor | None:
    return _vector(node.attributes["bias"], size, 0.2, -0.1) if "bias" in node.attributes else None


def _conv(node: Node, channels: int) -> nn.Module:
    groups = node.number("groups", 1)
    module = nn.Conv2d(channels, node.shape[0], node.kernel(), node.number("stride", 1), node.number("pad"), 1, groups,
                       bias="bias" in node.attributes)
    module.weight.data = _weight(node.attributes["weight"], tuple(module.weight.shape))
    if module.bias is not None:
        module.bias.data = _bias(node, node.shape[0])
    return module


def _batch_norm(node: Node) -> nn.Module:
    channels = node.shape[0]
    module = nn.BatchNorm2d(channels, eps=float(node.attributes["epsilon"]))  # mean 0, variance 1, as by formula
    module.weight.data = _vector(node.attributes["weight"], channels, 0.5, 0.75)
    module.bias.data = _vector(node.attributes["bias"], channels, 0.6, -0.3)
    return module


def _linear(node: Node, channels: int) -> nn.Module:
    module = nn.Linear(channels, node.shape[0], bias="bias" in node.attributes)
    module.weight.data = _weight(node.attributes["weight"], tuple(module.weight.shape))
    if module.bias is not None:
        module.bias.data = _bias(node, node.shape[0])
    return module


class Network(nn.Module):
    def __init__(self, graph: Graph):
        super().__init__()
        self.graph = graph
        self.parts = nn.ModuleDict()
        for node in graph.nodes:
            channels = graph[node.inputs[0]].shape[0] if node.inputs else 0
            if node.op in ("conv", "linear"):
                self.parts[self._key(node)] = {"conv": _conv, "linear": _linear}[node.op](node, channels)
            elif node.op == "batch_norm":
                self.parts[self._key(node)] = _batch_norm(node)

    @staticmethod
    def _key(node: Node) -> str:
        return node.name.replace(".", "_")  # a module's name has no dots

    def _value(self, node: Node, inputs: list[torch.Tensor]) -> torch.Tensor:
        first = inputs[0]
        match node.op:
            case "conv" | "linear" | "batch_norm":
                return self.parts[self._key(node)](first)
            case "activation":
                return F.relu(first) if node.attributes["act"] == "relu" else torch.sigmoid(first)
            case "add":
                return first + inputs[1]
            case "scale":
                return first * inputs[1][:, :, None, None]
            case "global_avg_pool":
                return first.mean((2, 3))
            case "max_pool":
                return F.max_pool2d(first, node.kernel(), node.number("stride", 1), node.number("pad"))
        raise ValueError(f"no module computes '{node.op}'")

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        values = {self.graph.nodes[0].name: images}
        for node in self.graph.nodes[1:]:
            values[node.name] = self._value(node, [values[name] for name in node.inputs])
        return values[self.graph.output]
