#include "models/passes/rewrite.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/graph/types.h"

namespace senetc {
namespace {

void drop_unnamed_constants(Graph& graph) {
    std::set<std::string> named;
    for (const Node& node : graph.nodes)
        for (const ConstantUse& use : constants_of(graph, node)) named.insert(use.name);
    std::erase_if(graph.constants, [&](const auto& constant) { return !named.contains(constant.first); });
}

}  // namespace

std::vector<int> use_counts(const Graph& graph) {
    std::vector<int> counts(graph.nodes.size(), 0);
    for (const Node& node : graph.nodes)
        for (ValueId input : node.inputs) counts[input]++;
    counts[graph.output]++;
    return counts;
}

std::vector<std::vector<Use>> uses_of(const Graph& graph) {
    std::vector<std::vector<Use>> uses(graph.nodes.size());
    for (size_t id = 0; id < graph.nodes.size(); id++) {
        const auto& inputs = graph.nodes[id].inputs;
        for (size_t i = 0; i < inputs.size(); i++)
            uses[inputs[i]].push_back({static_cast<ValueId>(id), static_cast<int>(i)});
    }
    return uses;
}

bool is_linear_dense(const Node& node) {
    const auto* conv = std::get_if<ConvOp>(&node.op);
    return conv && conv->groups == 1 && conv->activation == Activation::none && node.inputs.size() == 1;
}

bool gate_commutes(const Graph& graph, const std::vector<std::vector<Use>>& uses, ValueId scale) {
    auto lets_gate_through = [&](const Use& use) {
        const Op& op = graph.nodes[use.node].op;
        const auto* conv = std::get_if<ConvOp>(&op);
        bool depthwise = conv && conv->groups > 1 && conv->gate == Gate::none && use.position == 0;
        return depthwise || std::holds_alternative<GlobalAvgPoolOp>(op);
    };
    return std::holds_alternative<ScaleOp>(graph.nodes[scale].op) && scale != graph.output && !uses[scale].empty() &&
           std::all_of(uses[scale].begin(), uses[scale].end(), lets_gate_through);
}

bool can_collect_sums(const Graph& graph, const Fusible& fusible, ValueId value) {
    auto has_sums = [](const Op& op) {
        return std::visit(
            [](const auto& alternative) {
                return requires {
                    alternative.sums;
                };
            },
            op);
    };
    auto becomes_one = [](const Op& op) {
        return std::holds_alternative<ScaleOp>(op) || std::holds_alternative<AddOp>(op);
    };
    const Node& node = graph.nodes[value];
    if (!node.type.is_map()) return false;
    if (!std::holds_alternative<ActivationOp>(node.op)) return has_sums(node.op) || becomes_one(node.op);
    Op operand = graph.nodes[node.inputs[0]].op;
    bool takes_activation = becomes_one(operand) || (has_sums(operand) && *activation_of(operand) == Activation::none);
    return takes_activation && fusible.vanishes(node.inputs[0]);
}

Graph erase_nodes(Graph graph, const std::vector<bool>& erased) {
    std::vector<ValueId> moved(graph.nodes.size(), -1);
    std::vector<Node> kept;
    for (size_t id = 0; id < graph.nodes.size(); id++) {
        if (erased[id]) continue;
        moved[id] = static_cast<ValueId>(kept.size());
        kept.push_back(std::move(graph.nodes[id]));
        for (ValueId& input : kept.back().inputs) input = moved[input];
    }
    graph.nodes = std::move(kept);
    graph.output = moved[graph.output];
    drop_unnamed_constants(graph);
    return graph;
}

Activation* activation_of(Op& op) {
    return std::visit(
        [](auto& alternative) -> Activation* {
            if constexpr (requires { alternative.activation; }) return &alternative.activation;
            return nullptr;
        },
        op);
}

std::string fresh_constant(const Graph& graph, const std::string& wanted) {
    std::string name = wanted;
    for (int i = 2; graph.constants.contains(name); i++) name = fmt::format("{}.{}", wanted, i);
    return name;
}

}  // namespace senetc
