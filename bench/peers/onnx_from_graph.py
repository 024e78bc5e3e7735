"""Writes a graph as an fp32 ONNX model with a free batch dimension. Folding and fusing are left to the engines.

SE has two usual spellings in ONNX, and engines differ in which they run faster:
    reduce  vectors [N, C]:       ReduceMean, Gemm, Relu, Gemm, Sigmoid, Unsqueeze, Mul
    pool    vectors [N, C, 1, 1]: GlobalAveragePool, Conv 1x1, Relu, Conv 1x1, Sigmoid, Mul
"""

from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from graph_text import Graph, Node

Form = Literal["reduce", "pool"]
FORMS: tuple[Form, ...] = ("reduce", "pool")
_OPSET = 17


def _window(node: Node) -> dict[str, object]:
    strides, pads = [node.number("stride", 1)] * 2, [node.number("pad")] * 4
    return {"kernel_shape": node.kernel(), "strides": strides, "pads": pads}


class _Exporter:
    def __init__(self, graph: Graph, weights: dict[str, np.ndarray], form: Form):
        self.graph, self.weights, self.form = graph, weights, form
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, onnx.TensorProto] = {}

    def emit(self, op: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def constant(self, name: str, value: np.ndarray | None = None) -> str:
        value = self.weights[name] if value is None else value
        self.initializers[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def input(self, node: Node) -> None:
        pass  # the model's own input

    def conv(self, node: Node) -> None:
        constants = [self.constant(node.attributes[key]) for key in ("weight", "bias") if key in node.attributes]
        self.emit("Conv", node.inputs + constants, node.name, **_window(node), group=node.number("groups", 1))

    def batch_norm(self, node: Node) -> None:
        constants = [self.constant(node.attributes[key]) for key in ("weight", "bias", "mean", "variance")]
        self.emit("BatchNormalization", node.inputs + constants, node.name, epsilon=float(node.attributes["epsilon"]))

    def activation(self, node: Node) -> None:
        self.emit({"relu": "Relu", "sigmoid": "Sigmoid"}[node.attributes["act"]], node.inputs, node.name)

    def add(self, node: Node) -> None:
        self.emit("Add", node.inputs, node.name)

    def max_pool(self, node: Node) -> None:
        self.emit("MaxPool", node.inputs, node.name, **_window(node))

    def global_avg_pool(self, node: Node) -> None:
        if self.form == "reduce":
            self.emit("ReduceMean", node.inputs, node.name, axes=[2, 3], keepdims=0)
        else:
            self.emit("GlobalAveragePool", node.inputs, node.name)

    def linear(self, node: Node) -> None:
        bias = [self.constant(node.attributes["bias"])] if "bias" in node.attributes else []
        weight = node.attributes["weight"]
        if self.form == "pool" and node.name != self.graph.output:
            square = self.constant(weight, self.weights[weight][:, :, None, None])
            self.emit("Conv", [*node.inputs, square, *bias], node.name, kernel_shape=[1, 1])
            return
        vector = node.inputs[0] if self.form == "reduce" else self.emit("Flatten", node.inputs, node.name + ".flat")
        self.emit("Gemm", [vector, self.constant(weight), *bias], node.name, transB=1)

    def scale(self, node: Node) -> None:
        values, gate = node.inputs
        if self.form == "reduce":
            axes = self.constant("map_axes", np.array([2, 3], np.int64))
            gate = self.emit("Unsqueeze", [gate, axes], node.name + ".gate")
        self.emit("Mul", [values, gate], node.name)

    def model(self) -> onnx.ModelProto:
        for node in self.graph.nodes:
            getattr(self, node.op)(node)
        source, result = self.graph.nodes[0], self.graph[self.graph.output]
        made = helper.make_graph(
            self.nodes,
            self.graph.name,
            [helper.make_tensor_value_info(source.name, TensorProto.FLOAT, ["batch", *source.shape])],
            [helper.make_tensor_value_info(result.name, TensorProto.FLOAT, ["batch", *result.shape])],
            list(self.initializers.values()),
        )
        model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9)
        onnx.checker.check_model(model, full_check=True)
        return model


def export(graph: Graph, weights: dict[str, np.ndarray], form: Form, path: Path) -> None:
    onnx.save(_Exporter(graph, weights, form).model(), path)
