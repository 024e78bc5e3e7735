// A batch norm after a convolution is another convolution: with s = weight / sqrt(variance + epsilon),
//
//     %conv1 = conv %input weight=@conv1.weight ...
//     %bn1 = batch_norm %conv1 weight=@bn1.weight bias=@bn1.bias mean=@bn1.running_mean variance=@bn1.running_var ...
// ->  %conv1 = conv %input weight=@conv1.weight.folded bias=@conv1.bias.folded ...
//
//     weight.folded[o] = s[o] weight[o],  bias.folded[o] = s[o] (bias[o] - mean[o]) + bn_bias[o]      (in double)
//
// Not when something else sees the convolution's value: another user, a stage name, an activation or a residual
// between.
#include <cmath>

#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {
namespace {

struct Affine {
    std::vector<double> scale, shift;  // per channel
};

Affine affine_of(const Graph& graph, const BatchNormOp& norm) {
    const Tensor &weight = graph.constants.at(norm.weight_name), &bias = graph.constants.at(norm.bias_name);
    const Tensor &mean = graph.constants.at(norm.mean_name), &variance = graph.constants.at(norm.variance_name);
    Affine affine;
    for (int64_t c = 0; c < weight.size(); c++) {
        affine.scale.push_back(weight[c] / std::sqrt(variance[c] + norm.epsilon));
        affine.shift.push_back(bias[c] - affine.scale[c] * mean[c]);
    }
    return affine;
}

Tensor scaled_rows(const Tensor& weight, const std::vector<double>& scale) {
    std::vector<double> values = weight.to_doubles();
    int64_t row = weight.size() / weight.shape()[0];
    for (int64_t i = 0; i < weight.size(); i++) values[i] *= scale[i / row];
    return {weight.shape(), std::move(values)};
}

Tensor folded_bias(const Graph& graph, const ConvOp& conv, Affine affine) {
    if (!conv.bias_name.empty()) {
        const Tensor& bias = graph.constants.at(conv.bias_name);
        for (int64_t c = 0; c < bias.size(); c++) affine.shift[c] += affine.scale[c] * bias[c];
    }
    return {{conv.out_channels}, std::move(affine.shift)};
}

// Before weights are bound, only the names change.
ConvOp folded(Graph& graph, const std::string& name, const ConvOp& conv, const BatchNormOp& norm) {
    ConvOp result = conv;
    result.activation = norm.activation;
    result.weight_name = fresh_constant(graph, name + ".weight.folded");
    result.bias_name = fresh_constant(graph, name + ".bias.folded");
    if (graph.constants.empty()) return result;
    Affine affine = affine_of(graph, norm);
    graph.constants[result.weight_name] = scaled_rows(graph.constants.at(conv.weight_name), affine.scale);
    graph.constants[result.bias_name] = folded_bias(graph, conv, std::move(affine));
    return result;
}

}  // namespace

Graph fold_batch_norm(Graph graph) {
    Fusible fusible(graph);
    std::vector<bool> erased(graph.nodes.size(), false);
    for (Node& node : graph.nodes) {
        const auto* norm = std::get_if<BatchNormOp>(&node.op);
        const auto* conv = norm ? fusible.get<ConvOp>(node.inputs[0]) : nullptr;
        ValueId producer = conv ? node.inputs[0] : -1;
        if (!conv || conv->activation != Activation::none || graph.nodes[producer].inputs.size() > 1) continue;
        const Node& before = graph.nodes[producer];
        node.op = folded(graph, before.name, ConvOp(*conv), BatchNormOp(*norm));
        node.inputs = before.inputs;
        node.name = before.name;
        erased[producer] = true;
    }
    return erase_nodes(std::move(graph), erased);
}

}  // namespace senetc
