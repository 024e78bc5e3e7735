// A gate passes through what is linear in each channel by itself, and no pass over the map remains.
//
//     %scale = scale %y %gate
//     %dw = conv %scale ... groups=64          ->  %dw = conv %y %gate ... groups=64 gate=input
//
//     %se.pool = global_avg_pool %y
//     %gate = excite %se.pool ...
//     %scale = scale %y %gate
//     %pool = global_avg_pool %scale           ->  %scale = scale %se.pool %gate
//
// Exact: each output of a depthwise convolution sums products of one channel, and padding is zero before and after
// scaling; the mean of g y is g times the mean of y. The bias isn't scaled. Only when every user of the scale's value
// is such a convolution or pool and it has no stage name. A pool of y that stands before the scale is used again; else
// the scale's place becomes one.
#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {
namespace {

// A global_avg_pool of `value` before the node `end`, or -1.
ValueId find_pool(const Graph& graph, ValueId value, ValueId end) {
    for (ValueId id = value + 1; id < end; id++)
        if (std::holds_alternative<GlobalAvgPoolOp>(graph.nodes[id].op) && graph.nodes[id].inputs[0] == value)
            return id;
    return -1;
}

void gate_input_of(Node& depthwise, ValueId map, ValueId gate) {
    std::get<ConvOp>(depthwise.op).gate = Gate::input;
    depthwise.inputs[0] = map;
    depthwise.inputs.insert(depthwise.inputs.begin() + 1, gate);
}

// Moves the gate past all users of the scale. Returns whether the scale's place is free.
bool commute(Graph& graph, ValueId scale, const std::vector<Use>& users) {
    const ValueId map = graph.nodes[scale].inputs[0], gate = graph.nodes[scale].inputs[1];
    const ValueId found = find_pool(graph, map, scale), pool = found < 0 ? scale : found;
    bool pooled = false;
    for (const Use& use : users) {
        Node& user = graph.nodes[use.node];
        if (std::holds_alternative<ConvOp>(user.op)) {
            gate_input_of(user, map, gate);
            continue;
        }
        user.op = ScaleOp{};
        user.inputs = {pool, gate};
        if (!pooled) std::swap(user.name, graph.nodes[scale].name);
        pooled = true;
    }
    if (!pooled || pool != scale) return true;
    Node& place = graph.nodes[scale];
    place.op = GlobalAvgPoolOp{};
    place.inputs = {map};
    place.type = {place.type.channels, 0, 0};
    return false;
}

}  // namespace

Graph commute_gate(Graph graph) {
    const auto uses = uses_of(graph);
    std::vector<bool> erased(graph.nodes.size(), false);
    for (ValueId id = 0; id < static_cast<ValueId>(graph.nodes.size()); id++)
        if (graph.nodes[id].stage.empty() && gate_commutes(graph, uses, id)) erased[id] = commute(graph, id, uses[id]);
    return erase_nodes(std::move(graph), erased);
}

}  // namespace senetc
