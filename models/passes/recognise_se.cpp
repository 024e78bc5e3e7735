// The gate of a squeeze-and-excitation block, as one operation.
//
//     %se.pool = global_avg_pool %x
//     %se.fc.0 = linear %se.pool weight=@se.fc.0.weight out=4
//     %se.fc.1 = activation %se.fc.0 act=relu
//     %se.fc.2 = linear %se.fc.1 weight=@se.fc.2.weight out=64
//     %se.gate = activation %se.fc.2 act=sigmoid
// ->  %se.pool = global_avg_pool %x
//     %se.gate = excite %se.pool w1=@se.fc.0.weight w2=@se.fc.2.weight hidden=4 out=64
//
// The linears may have biases. Only with a sigmoid, as many gates as channels, and nothing else that sees the values
// between.
#include <optional>

#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {
namespace {

struct Match {
    ExciteOp op;
    ValueId squeezed;
    std::vector<ValueId> vanishing;
};

// The excitation that ends in `gate`, if it is one.
std::optional<Match> match_excitation(const Graph& graph, const Fusible& fusible, const Node& gate) {
    const auto* sigmoid = std::get_if<ActivationOp>(&gate.op);
    if (!sigmoid || sigmoid->kind != Activation::sigmoid) return std::nullopt;
    ValueId second = gate.inputs[0];
    const auto* expand = fusible.get<LinearOp>(second);
    if (!expand || expand->activation != Activation::none) return std::nullopt;
    ValueId between = graph.nodes[second].inputs[0];
    const auto* relu = fusible.get<ActivationOp>(between);
    if (!relu || relu->kind != Activation::relu) return std::nullopt;
    ValueId first = graph.nodes[between].inputs[0];
    const auto* reduce = fusible.get<LinearOp>(first);
    if (!reduce || reduce->activation != Activation::none) return std::nullopt;
    ValueId squeezed = graph.nodes[first].inputs[0];
    if (!std::holds_alternative<GlobalAvgPoolOp>(graph.nodes[squeezed].op)) return std::nullopt;
    if (expand->out_features != graph.nodes[squeezed].type.channels) return std::nullopt;
    ExciteOp op{reduce->out_features, expand->out_features, reduce->weight_name,
                reduce->bias_name,    expand->weight_name,  expand->bias_name};
    return Match{op, squeezed, {first, between, second}};
}

}  // namespace

Graph recognise_se(Graph graph) {
    Fusible fusible(graph);
    std::vector<bool> erased(graph.nodes.size(), false);
    for (Node& node : graph.nodes) {
        auto match = match_excitation(graph, fusible, node);
        if (!match) continue;
        node.op = match->op;
        node.inputs = {match->squeezed};
        for (ValueId value : match->vanishing) erased[value] = true;
    }
    return erase_nodes(std::move(graph), erased);
}

}  // namespace senetc
