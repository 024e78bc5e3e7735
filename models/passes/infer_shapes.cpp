// Sets every node's type from its inputs' types.
//
//     %conv1 = conv %input ... stride=2 pad=3
// ->  %conv1 = conv %input ... stride=2 pad=3 : f32[64,112,112]
#include "models/graph/types.h"
#include "models/passes/passes.h"

namespace senetc {

Graph infer_shapes(Graph graph) {
    for (Node& node : graph.nodes) node.type = infer_type(graph, node);
    return graph;
}

}  // namespace senetc
