// The addition of a residual becomes part of what computes the other operand, on whichever side it stands.
//
//     %scale = scale %x %gate
//     %add = add %scale %r            ->  %scale = scale_add %x %gate %r
//
//     %conv2 = conv %y ...
//     %add = add %conv2 %r            ->  %conv2 = conv %y %r ...
//
//     %conv2 = conv %y %gate gate=output ...
//     %add = add %conv2 %r            ->  %conv2 = conv %y %gate %r gate=output ...
//
// A scale goes first, then a convolution with a gate; of two plain convolutions the later one is taken, and a depthwise
// one never: its kernel is bound by memory and has no residual. The fused node stands where the addition was, so that
// the residual is computed before it. What finds no partner takes the general form: a lone scale becomes scale_add, a
// lone add add_activation. Not across a value that something else sees: another user or a stage name.
#include <algorithm>

#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {
namespace {

// What the operand becomes with a residual, or an InputOp when it can't take one.
Op with_residual(const Graph& graph, const Fusible& fusible, ValueId operand) {
    if (fusible.get<ScaleOp>(operand)) return ScaleAddOp{};
    const auto* conv = fusible.get<ConvOp>(operand);
    bool plain =
        conv && conv->groups == 1 && conv->activation == Activation::none && residual_input(graph.nodes[operand]) < 0;
    return plain ? Op(*conv) : Op(InputOp{});
}

// The operand to fuse into, or -1.
ValueId choose(const Graph& graph, const Fusible& fusible, const Node& add) {
    auto kind = [&](ValueId operand) {  // 0: can't take one
        Op op = with_residual(graph, fusible, operand);
        if (std::holds_alternative<ScaleAddOp>(op)) return 3;
        const auto* conv = std::get_if<ConvOp>(&op);
        return !conv ? 0 : conv->gate == Gate::none ? 1 : 2;
    };
    auto rank = [&](ValueId operand) { return std::pair(kind(operand), operand); };
    auto best = std::max(rank(add.inputs[0]), rank(add.inputs[1]));
    return best.first > 0 ? best.second : -1;
}

void generalise_lone_ops(Graph& graph) {
    for (Node& node : graph.nodes) {
        if (std::holds_alternative<ScaleOp>(node.op)) node.op = ScaleAddOp{};
        if (std::holds_alternative<AddOp>(node.op)) node.op = AddActivationOp{};
    }
}

}  // namespace

Graph fuse_residual(Graph graph) {
    Fusible fusible(graph);
    std::vector<bool> erased(graph.nodes.size(), false);
    for (Node& node : graph.nodes) {
        if (!std::holds_alternative<AddOp>(node.op)) continue;
        ValueId main = choose(graph, fusible, node);
        if (main < 0) continue;
        ValueId residual = node.inputs[0] == main ? node.inputs[1] : node.inputs[0];
        node.op = with_residual(graph, fusible, main);
        node.inputs = graph.nodes[main].inputs;
        node.inputs.push_back(residual);
        node.name = graph.nodes[main].name;
        erased[main] = true;
    }
    graph = erase_nodes(std::move(graph), erased);
    generalise_lone_ops(graph);
    return graph;
}

}  // namespace senetc
