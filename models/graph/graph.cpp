#include "models/graph/graph.h"

#include "models/graph/ops.h"

namespace senetc {

std::string op_name(const Op& op) {
    return kOps[op.index()].name;
}

int gate_input(const Node& node) {
    const auto* conv = std::get_if<ConvOp>(&node.op);
    bool gated = conv ? conv->gate != Gate::none
                      : std::holds_alternative<ScaleOp>(node.op) || std::holds_alternative<ScaleAddOp>(node.op);
    return gated ? 1 : -1;
}

int residual_input(const Node& node) {
    bool may_add = std::holds_alternative<ConvOp>(node.op) || std::holds_alternative<ScaleAddOp>(node.op) ||
                   std::holds_alternative<AddActivationOp>(node.op);
    int position = gate_input(node) >= 0 ? 2 : 1;
    return may_add && static_cast<int>(node.inputs.size()) > position ? position : -1;
}

}  // namespace senetc
