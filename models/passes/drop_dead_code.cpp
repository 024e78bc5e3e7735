// Drops the nodes and constants that the output doesn't need. The input stays.
//
//     %a = conv %input weight=@a.weight ...
//     %b = conv %input weight=@b.weight ...
//     return %a                              ->  %a alone, and @a.weight
#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {
namespace {

std::vector<bool> unneeded_nodes(const Graph& graph) {
    std::vector<bool> unneeded(graph.nodes.size(), true);
    unneeded[0] = unneeded[graph.output] = false;
    for (size_t id = graph.nodes.size(); id-- > 0;)
        if (!unneeded[id])
            for (ValueId input : graph.nodes[id].inputs) unneeded[input] = false;
    return unneeded;
}

}  // namespace

Graph drop_dead_code(Graph graph) {
    auto unneeded = unneeded_nodes(graph);
    return erase_nodes(std::move(graph), unneeded);
}

}  // namespace senetc
