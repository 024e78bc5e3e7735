#include "models/passes/rewrite.h"

#include <fmt/format.h>

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
