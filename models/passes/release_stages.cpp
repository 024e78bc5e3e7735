// Drops the public stage names of maps that the following passes do away with: to be seen, a map has to be stored.
//
//     %scale = scale %y %gate stage=blocks.0.se
//     %dw = conv %scale ... groups=64               ->  %scale = scale %y %gate
//
//     %relu = activation %add act=relu stage=layer4
//     %pool = global_avg_pool %relu                 ->  %relu = activation %add act=relu
//
// A scale whose users all let its gate through (commute_gate), and a map that pools alone read, of which only sums are
// needed (collect_sums). Other stage names stay.
#include <algorithm>

#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {
namespace {

// Whether means alone are wanted of a value: its users are pools, or scales of it that commute and are only pooled.
bool only_pooled(const Graph& graph, const std::vector<std::vector<Use>>& uses, ValueId value) {
    auto pools = [&](const Use& use) {
        return std::holds_alternative<GlobalAvgPoolOp>(graph.nodes[use.node].op) ||
               (use.position == 0 && gate_commutes(graph, uses, use.node) && only_pooled(graph, uses, use.node));
    };
    return value != graph.output && !uses[value].empty() && std::all_of(uses[value].begin(), uses[value].end(), pools);
}

}  // namespace

Graph release_stages(Graph graph) {
    const auto uses = uses_of(graph);
    const Fusible fusible(graph);
    for (ValueId id = 0; id < static_cast<ValueId>(graph.nodes.size()); id++) {
        if (graph.nodes[id].stage.empty()) continue;
        bool unstored = only_pooled(graph, uses, id) && can_collect_sums(graph, fusible, id);
        if (unstored || gate_commutes(graph, uses, id)) graph.nodes[id].stage.clear();
    }
    return graph;
}

}  // namespace senetc
