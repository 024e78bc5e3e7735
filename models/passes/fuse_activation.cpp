// An activation becomes part of the operation before it, for every operation that has one.
//
//     %conv1 = conv %input ...
//     %relu = activation %conv1 act=relu      ->  %conv1 = conv %input ... act=relu
//
// Not across a value that something else sees: another user or a stage name.
#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {
namespace {

bool takes_activation(const Fusible& fusible, Node& producer, ValueId id) {
    const Activation* activation = activation_of(producer.op);
    return activation && *activation == Activation::none && fusible.vanishes(id);
}

}  // namespace

Graph fuse_activation(Graph graph) {
    Fusible fusible(graph);
    std::vector<bool> erased(graph.nodes.size(), false);
    for (Node& node : graph.nodes) {
        const auto* found = std::get_if<ActivationOp>(&node.op);
        if (!found || !takes_activation(fusible, graph.nodes[node.inputs[0]], node.inputs[0])) continue;
        Activation kind = found->kind;
        ValueId producer = node.inputs[0];
        node.op = graph.nodes[producer].op;
        *activation_of(node.op) = kind;
        node.inputs = graph.nodes[producer].inputs;
        node.name = graph.nodes[producer].name;
        erased[producer] = true;
    }
    return erase_nodes(std::move(graph), erased);
}

}  // namespace senetc
