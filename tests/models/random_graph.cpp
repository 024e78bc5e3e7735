#include "random_graph.h"

#include <fmt/format.h>

#include "models/graph/types.h"
#include "support.h"

namespace senetc {
namespace {

class RandomBuilder {
  public:
    explicit RandomBuilder(std::mt19937& random) : random_(random) {
        graph_.name = "random";
        graph_.nodes.push_back({"input", InputOp{}, {}, {pick(1, 5), pick(1, 9), pick(1, 9)}, ""});
    }

    Graph build() {
        int steps = pick(6, 16);
        for (int i = 0; i < steps; i++) step();
        ValueId map = recent_map();
        graph_.output = chance(0.5) ? map : linear(push("pool", GlobalAvgPoolOp{}, {map}), pick(1, 4), "fc");
        for (Node& node : graph_.nodes)
            if (chance(0.1)) node.stage = "stage." + node.name;
        return bind_random(std::move(graph_), random_);
    }

  private:
    int pick(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }
    bool chance(double share) { return std::bernoulli_distribution(share)(random_); }

    ValueId push(const std::string& kind, Op op, std::vector<ValueId> inputs) {
        Node node{fmt::format("{}{}", kind, graph_.nodes.size()), std::move(op), std::move(inputs), {}, ""};
        node.type = infer_type(graph_, node);
        graph_.nodes.push_back(std::move(node));
        return static_cast<ValueId>(graph_.nodes.size()) - 1;
    }
    std::string next_name(const std::string& kind) const { return fmt::format("{}{}", kind, graph_.nodes.size()); }
    const Type& type(ValueId value) const { return graph_.nodes[value].type; }

    // The newest map mostly, so that chains form that passes can fuse; else any, so that values have several users.
    ValueId recent_map() {
        std::vector<ValueId> maps;
        for (size_t id = 0; id < graph_.nodes.size(); id++)
            if (graph_.nodes[id].type.is_map()) maps.push_back(static_cast<ValueId>(id));
        return chance(0.75) ? maps.back() : maps[pick(0, static_cast<int>(maps.size()) - 1)];
    }

    ValueId conv(ValueId x, int out, int kernel, int stride, int groups) {
        ConvOp op{out, kernel, kernel, stride, kernel / 2, groups, "", "", Activation::none};
        if (chance(0.2)) op.kernel_w = 1 + 2 * op.pad;
        op.weight_name = next_name("conv") + ".weight";
        if (chance(0.3)) op.bias_name = next_name("conv") + ".bias";
        op.sums = chance(0.1);
        return push("conv", op, {x});
    }
    // A convolution as the passes leave it: with a gate, perhaps a residual, an activation and sums.
    ValueId gated_conv(ValueId x) {
        const bool depthwise = type(x).channels > 1 && chance(0.5);
        const int channels = type(x).channels;
        ValueId gate = excite(means(x), channels);
        ConvOp op{channels, 3, 3, 1, 1, depthwise ? channels : 1, next_name("conv") + ".weight", "", {}};
        op.gate = depthwise ? Gate::input : Gate::output;
        op.activation = chance(0.5) ? Activation::relu : Activation::none;
        op.sums = chance(0.5);
        std::vector<ValueId> inputs = {x, gate};
        if (chance(0.5)) inputs.push_back(partner(x));
        return push("conv", op, inputs);
    }
    // The means of a map, of each channel or of each tap and channel.
    ValueId means(ValueId x) {
        return chance(0.5) ? push("pool", GlobalAvgPoolOp{}, {x}) : push("means", WindowMeansOp{3, 1}, {x});
    }
    ValueId excite(ValueId squeezed, int out) {
        std::string name = next_name("gate");
        ExciteOp op{pick(1, 3), out, name + ".w1", chance(0.5) ? name + ".b1" : "", name + ".w2", ""};
        return push("gate", op, {squeezed});
    }
    ValueId batch_norm(ValueId x) {
        std::string name = next_name("bn");
        BatchNormOp op{name + ".weight", name + ".bias", name + ".running_mean", name + ".running_var", 1e-5, {}};
        return push("bn", op, {x});
    }
    ValueId activation(ValueId x) {
        return push("act", ActivationOp{chance(0.8) ? Activation::relu : Activation::sigmoid}, {x});
    }
    ValueId linear(ValueId x, int out, const std::string& kind) {
        std::string name = next_name(kind);
        return push(kind, LinearOp{out, name + ".weight", chance(0.5) ? name + ".bias" : "", Activation::none}, {x});
    }

    ValueId gate(ValueId x) {
        ValueId s = linear(push("pool", GlobalAvgPoolOp{}, {x}), pick(1, 3), "fc");
        s = linear(activation(s), type(x).channels, "fc");
        if (chance(0.9)) s = push("gate", ActivationOp{chance(0.8) ? Activation::sigmoid : Activation::relu}, {s});
        return s;
    }

    // Another value of the same type, or nothing.
    ValueId partner(ValueId x) {
        std::vector<ValueId> partners;
        for (size_t id = 0; id < graph_.nodes.size(); id++)
            if (graph_.nodes[id].type == type(x)) partners.push_back(static_cast<ValueId>(id));
        return partners[pick(0, static_cast<int>(partners.size()) - 1)];
    }

    // Squeeze and excitation of a convolution, as in ResNets, or of its activation, as in MobileNets, and what follows.
    void se_block(ValueId x) {
        ValueId y = conv(x, pick(1, 24), 1 + 2 * pick(0, 1), 1, 1);
        if (chance(0.3)) y = batch_norm(y);
        if (chance(0.4)) y = activation(y);
        y = push("scale", ScaleOp{}, {y, excite(push("pool", GlobalAvgPoolOp{}, {y}), type(y).channels)});
        if (chance(0.4))
            conv(y, type(y).channels, 3, pick(1, 2), type(y).channels);
        else if (chance(0.5))
            push("add", AddOp{}, {partner(y), y});
        else if (chance(0.5))
            push("max", MaxPoolOp{3, 1, 1}, {push("sum", AddActivationOp{{}, chance(0.5)}, {y, y})});
        else
            push("scale", ScaleAddOp{Activation::relu, chance(0.5)}, {y, excite(means(y), type(y).channels), y});
    }

    void residual(ValueId x) {
        ValueId y = chance(0.5) ? conv(x, type(x).channels, 3, 1, 1) : x;
        if (chance(0.5)) y = batch_norm(y);
        if (chance(0.4)) y = push("scale", ScaleOp{}, {y, gate(y)});
        ValueId other = chance(0.3) ? conv(x, type(x).channels, 1, 1, 1) : partner(y);
        y = chance(0.5) ? push("add", AddOp{}, {y, other}) : push("add", AddOp{}, {other, y});
        if (chance(0.7)) activation(y);
    }

    // A bottleneck's end: both summands are 1x1 convolutions.
    void downsample(ValueId x) {
        const int out = pick(1, 5), stride = pick(1, 2);
        ValueId y = conv(conv(x, pick(1, 3), 3, stride, 1), out, 1, 1, 1);
        if (chance(0.3)) y = push("scale", ScaleOp{}, {y, excite(means(x), out)});
        y = push("add", AddOp{}, {y, conv(x, out, 1, stride, 1)});
        if (chance(0.7)) activation(y);
    }

    void step() {
        ValueId x = recent_map();
        switch (pick(0, 12)) {
            case 0:
            case 1:
                conv(x, pick(1, 5), 1 + 2 * pick(0, 2), pick(1, 2), 1);
                break;
            case 2:
                conv(x, type(x).channels, 3, pick(1, 2), type(x).channels);
                break;
            case 3:
            case 4:
                batch_norm(x);
                break;
            case 5:
                activation(x);
                break;
            case 6:
                push("max", MaxPoolOp{3, pick(1, 2), 1}, {x});
                break;
            case 7:
                push("scale", ScaleOp{}, {x, gate(x)});
                break;
            case 8:
                gated_conv(x);
                break;
            case 9:
            case 10:
                se_block(x);
                break;
            case 11:
                downsample(x);
                break;
            default:
                residual(x);
        }
    }

    std::mt19937& random_;
    Graph graph_;
};

}  // namespace

Graph random_graph(std::mt19937& random) {
    return RandomBuilder(random).build();
}

}  // namespace senetc
