// What a pool or window_means reads is summed where it is computed, while it is in registers.
//
//     %conv2 = conv %x ... act=relu
//     %pool = global_avg_pool %conv2      ->  %conv2 = conv %x ... act=relu sums=1
//                                             %pool = global_avg_pool %conv2
//
// For every operation that has `sums`. No value changes: sums=1 says that the kernel writes the sums beside its value,
// or alone where nothing else reads the value.
#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {
namespace {

bool reads_sums(const Node& node) {
    return std::holds_alternative<GlobalAvgPoolOp>(node.op) || std::holds_alternative<WindowMeansOp>(node.op);
}

}  // namespace

Graph collect_sums(Graph graph) {
    std::vector<bool> summed(graph.nodes.size(), false);
    for (const Node& node : graph.nodes)
        if (reads_sums(node)) summed[node.inputs[0]] = true;
    for (size_t id = 0; id < graph.nodes.size(); id++)
        std::visit(
            [&](auto& op) {
                if constexpr (requires { op.sums; }) op.sums = summed[id];
            },
            graph.nodes[id].op);
    return graph;
}

}  // namespace senetc
