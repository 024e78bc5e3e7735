// The 1x1 convolution of a residual block's shortcut is added up by the block's last convolution, in the same
// registers.
//
//     %down = conv %x weight=@down.weight bias=@down.bias out=256 kernel=1x1 stride=2
//     %conv3 = conv %h %gate %down weight=@conv3.weight ... out=256 kernel=1x1 gate=output act=relu
// ->  %conv3 = conv %h %gate %x weight=@conv3.weight ... out=256 kernel=1x1 gate=output shortcut_weight=@down.weight
//              shortcut_bias=@down.bias shortcut_stride=2 act=relu
//
// Exact: only the place of the sum changes. The map of %down is the largest of its block, and isn't written and read
// any more. Both convolutions are 1x1 without padding, the shortcut's without gate, residual or activation, and nothing
// else sees its value.
//
// Done where the map is larger than the weights of both convolutions. Else the weights stream through the caches, which
// two kernels of one matrix each do better (docs/adr/0011-downsample-in-registers.md). Both numbers are left as a note.
#include <fmt/format.h>

#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {
namespace {

bool is_pointwise(const ConvOp& conv) {
    return conv.kernel_h == 1 && conv.kernel_w == 1 && conv.pad == 0 && conv.groups == 1;
}

// The shortcut's convolution, if the block's last one can add it up; else -1.
ValueId downsample_of(const Graph& graph, const Fusible& fusible, const Node& node) {
    const auto* conv = std::get_if<ConvOp>(&node.op);
    const int residual = residual_input(node);
    if (!conv || residual < 0 || !is_pointwise(*conv) || !conv->shortcut_weight_name.empty()) return -1;
    const ValueId value = node.inputs[residual];
    const auto* shortcut = fusible.get<ConvOp>(value);
    return shortcut && is_pointwise(*shortcut) && is_linear_dense(graph.nodes[value]) ? value : -1;
}

struct Bytes {
    int64_t map, weights;
};

Bytes bytes_of(const Graph& graph, const Node& node, ValueId downsample) {
    auto channels = [&](const Node& conv) { return int64_t{graph.nodes[conv.inputs[0]].type.channels}; };
    const Type& y = node.type;
    const int64_t pixels = int64_t{y.height} * y.width, in = channels(node) + channels(graph.nodes[downsample]);
    return {y.channels * pixels * int64_t{sizeof(float)}, y.channels * in * int64_t{sizeof(float)}};
}

std::string note_of(const Bytes& bytes, const std::string& downsample) {
    return fmt::format("{} {}: its map is {} bytes, the weights {}", downsample,
                       bytes.map > bytes.weights ? "added in registers" : "stays apart", bytes.map, bytes.weights);
}

void add_in_registers(Graph& graph, Node& node, ValueId downsample) {
    const auto& shortcut = std::get<ConvOp>(graph.nodes[downsample].op);
    auto& conv = std::get<ConvOp>(node.op);
    conv.shortcut_weight_name = shortcut.weight_name;
    conv.shortcut_bias_name = shortcut.bias_name;
    conv.shortcut_stride = shortcut.stride;
    node.inputs[residual_input(node)] = graph.nodes[downsample].inputs[0];
}

}  // namespace

Graph accumulate_downsample(Graph graph) {
    const Fusible fusible(graph);
    std::vector<bool> erased(graph.nodes.size(), false);
    for (Node& node : graph.nodes) {
        const ValueId downsample = downsample_of(graph, fusible, node);
        if (downsample < 0) continue;
        const Bytes bytes = bytes_of(graph, node, downsample);
        node.note = note_of(bytes, graph.nodes[downsample].name);
        if (bytes.map <= bytes.weights) continue;
        add_in_registers(graph, node, downsample);
        erased[downsample] = true;
    }
    return erase_nodes(std::move(graph), erased);
}

}  // namespace senetc
