// The scaling by a gate becomes part of the convolution before it.
//
//     %conv2 = conv %x ...
//     %gate = excite %pool ...
//     %scale = scale %conv2 %gate      ->  %gate = excite %pool ...
//                                          %conv2 = conv %x %gate ... gate=output
//
// Exact where nothing stands between convolution and scale: g (conv(x) + b) is what gate=output means. Only for a dense
// convolution whose value nothing else sees, so that the gate can't depend on it: squeeze_before_conv makes it so. The
// fused node stands where the scale was, so that the gate is computed before it.
#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {

Graph scale_in_conv(Graph graph) {
    Fusible fusible(graph);
    std::vector<bool> erased(graph.nodes.size(), false);
    for (Node& node : graph.nodes) {
        if (!std::holds_alternative<ScaleOp>(node.op)) continue;
        ValueId producer = node.inputs[0];
        const auto* conv = fusible.get<ConvOp>(producer);
        if (!conv || !is_linear_dense(graph.nodes[producer])) continue;
        ConvOp gated = *conv;
        gated.gate = Gate::output;
        node.op = gated;
        node.inputs = {graph.nodes[producer].inputs[0], node.inputs[1]};
        node.name = graph.nodes[producer].name;
        erased[producer] = true;
    }
    return erase_nodes(std::move(graph), erased);
}

}  // namespace senetc
