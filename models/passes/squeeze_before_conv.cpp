// A gate is computed from what the convolution reads, so that it is known before the convolution runs. The mean of a
// convolution's value is linear in the means of what its taps see, and the excitation's first matrix takes that in:
//
//     %conv2 = conv %x weight=@conv2.weight bias=@conv2.bias out=64 kernel=3x3 pad=1
//     %pool = global_avg_pool %conv2
//     %gate = excite %pool w1=@w1 b1=@b1 ...
//     %scale = scale %conv2 %gate
// ->  %conv2 = conv %x ...
//     %pool = window_means %x kernel=3 pad=1             (global_avg_pool %x for a 1x1 convolution)
//     %gate = excite %pool w1=@gate.w1.folded b1=@gate.b1.folded ...
//     %scale = scale %conv2 %gate
//
//     w1.folded[h, tap C + c] = sum over o of w1[h, o] weight[o, c, tap],  b1.folded = b1 + w1 bias       (in double)
//
// Exact for a dense convolution of stride 1 that keeps the map's size, 1x1 or 3x3 with padding 1, with nothing between
// it and the pool: no activation, residual or gate. Its bias enters once, whole; the means divide by the output's
// height x width. Only when the convolution's value is used by this pool and this scale alone and has no stage name,
// and the pool by the excitation alone: then scale_in_conv can follow.
//
// Done where it moves fewer bytes (for one image): folded, the larger matrix, and the map's border, or the whole map
// where its kernel can't collect sums; else the smaller matrix and one more write and read of the convolution's value.
// Both numbers are left as a note.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "models/graph/ops.h"
#include "models/passes/passes.h"
#include "models/passes/rewrite.h"

namespace senetc {
namespace {

struct Match {
    ValueId conv, pool, gate;
};

// The other user of `value` beside `user`, when there are these two alone and each uses it once; else -1.
ValueId other_user(const std::vector<Use>& uses, ValueId user) {
    if (uses.size() != 2 || (uses[0].node == user) == (uses[1].node == user)) return -1;
    return uses[uses[0].node == user].node;
}

// A stride of 1 and a kernel whose taps' means are one value long enough to name them all.
bool folds(const ConvOp& conv, int in_channels) {
    const bool pointwise = conv.kernel_h == 1 && conv.kernel_w == 1 && conv.pad == 0;
    const bool three_by_three = conv.kernel_h == 3 && conv.kernel_w == 3 && conv.pad == 1;
    return conv.stride == 1 && (pointwise || (three_by_three && 9 * in_channels <= kChannels.max));
}

// The block that `pool` squeezes for, if its gate can be computed before the convolution.
std::optional<Match> match_block(const Graph& graph, const std::vector<std::vector<Use>>& uses, ValueId pool) {
    const Node& squeeze = graph.nodes[pool];
    if (!std::holds_alternative<GlobalAvgPoolOp>(squeeze.op) || uses[pool].size() != 1 || pool == graph.output ||
        !squeeze.stage.empty())
        return std::nullopt;
    const ValueId value = squeeze.inputs[0], gate = uses[pool][0].node;
    const Node& producer = graph.nodes[value];
    if (!is_linear_dense(producer) || !producer.stage.empty() ||
        !folds(std::get<ConvOp>(producer.op), graph.nodes[producer.inputs[0]].type.channels))
        return std::nullopt;
    const ValueId scale = value == graph.output ? -1 : other_user(uses[value], pool);
    const bool scales = scale >= 0 && std::holds_alternative<ScaleOp>(graph.nodes[scale].op) &&
                        graph.nodes[scale].inputs == std::vector<ValueId>{value, gate};
    if (!scales || !std::holds_alternative<ExciteOp>(graph.nodes[gate].op)) return std::nullopt;
    return Match{value, pool, gate};
}

int64_t bytes(int64_t floats) {
    return floats * int64_t{sizeof(float)};
}

struct Traffic {
    int64_t folded, unfolded;  // bytes an image
};

Traffic traffic_of(const Graph& graph, const Fusible& fusible, const Match& match) {
    const auto& conv = std::get<ConvOp>(graph.nodes[match.conv].op);
    const int64_t hidden = std::get<ExciteOp>(graph.nodes[match.gate].op).hidden;
    const ValueId input = graph.nodes[match.conv].inputs[0];
    const Type &x = graph.nodes[input].type, &y = graph.nodes[match.conv].type;
    const int64_t taps = conv.kernel_h * conv.kernel_w, pixels = int64_t{x.height} * x.width;
    const int64_t inner = int64_t{std::max(0, x.height - 2)} * std::max(0, x.width - 2);
    const int64_t border = taps == 1 ? 0 : pixels - inner;
    const int64_t seen = can_collect_sums(graph, fusible, input) ? border : pixels;
    return {bytes(hidden * taps * x.channels + x.channels * seen),
            bytes(hidden * y.channels + 2 * y.channels * pixels)};
}

std::string note_of(const Traffic& traffic, const std::string& conv) {
    if (traffic.folded < traffic.unfolded)
        return fmt::format("before {}: moves {} bytes, {} after it", conv, traffic.folded, traffic.unfolded);
    return fmt::format("after {}: moves {} bytes, {} before it", conv, traffic.unfolded, traffic.folded);
}

// w1.folded [hidden, taps * channels]
Tensor folded_matrix(const Tensor& w1, const Tensor& weight) {
    const int64_t hidden = w1.shape()[0], outs = w1.shape()[1], channels = weight.shape()[1];
    const int64_t taps = weight.shape()[2] * weight.shape()[3];
    const std::vector<double> first = w1.to_doubles(), kernel = weight.to_doubles();
    std::vector<double> values(hidden * taps * channels, 0.0);
    for (int64_t h = 0; h < hidden; h++)
        for (int64_t o = 0; o < outs; o++)
            for (int64_t c = 0; c < channels; c++)
                for (int64_t tap = 0; tap < taps; tap++)
                    values[(h * taps + tap) * channels + c] +=
                        first[h * outs + o] * kernel[(o * channels + c) * taps + tap];
    return {{hidden, taps * channels}, std::move(values)};
}

Tensor folded_bias(const Graph& graph, const ExciteOp& excite, const ConvOp& conv) {
    std::vector<double> values(excite.hidden, 0.0);
    if (!excite.b1_name.empty()) values = graph.constants.at(excite.b1_name).to_doubles();
    if (!conv.bias_name.empty()) {
        const Tensor &w1 = graph.constants.at(excite.w1_name), &bias = graph.constants.at(conv.bias_name);
        for (int64_t i = 0; i < w1.size(); i++) values[i / bias.size()] += w1[i] * bias[i % bias.size()];
    }
    return {{excite.hidden}, std::move(values)};
}

// Before weights are bound, only the names change.
ExciteOp folded(Graph& graph, const std::string& name, const ExciteOp& excite, const ConvOp& conv) {
    ExciteOp result = excite;
    result.w1_name = fresh_constant(graph, name + ".w1.folded");
    bool biased = !excite.b1_name.empty() || !conv.bias_name.empty();
    if (biased) result.b1_name = fresh_constant(graph, name + ".b1.folded");
    if (graph.constants.empty()) return result;
    const Tensor &w1 = graph.constants.at(excite.w1_name), &weight = graph.constants.at(conv.weight_name);
    graph.constants[result.w1_name] = folded_matrix(w1, weight);
    if (biased) graph.constants[result.b1_name] = folded_bias(graph, excite, conv);
    return result;
}

void squeeze_input(Graph& graph, const Match& match) {
    const Node& producer = graph.nodes[match.conv];
    const auto& conv = std::get<ConvOp>(producer.op);
    Node &pool = graph.nodes[match.pool], &gate = graph.nodes[match.gate];
    const int channels = graph.nodes[producer.inputs[0]].type.channels;
    if (conv.kernel_h > 1) pool.op = WindowMeansOp{conv.kernel_h, conv.pad};
    pool.inputs = {producer.inputs[0]};
    pool.type = {conv.kernel_h * conv.kernel_w * channels, 0, 0};
    gate.op = folded(graph, gate.name, ExciteOp(std::get<ExciteOp>(gate.op)), conv);
}

}  // namespace

Graph squeeze_before_conv(Graph graph) {
    const auto uses = uses_of(graph);
    const Fusible fusible(graph);
    for (ValueId id = 0; id < static_cast<ValueId>(graph.nodes.size()); id++) {
        const auto match = match_block(graph, uses, id);
        if (!match) continue;
        const Traffic traffic = traffic_of(graph, fusible, *match);
        graph.nodes[id].note = note_of(traffic, graph.nodes[match->conv].name);
        if (traffic.folded < traffic.unfolded) squeeze_input(graph, *match);
    }
    const std::vector<bool> none(graph.nodes.size(), false);
    return erase_nodes(std::move(graph), none);
}

}  // namespace senetc
