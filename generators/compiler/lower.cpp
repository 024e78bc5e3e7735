#include "generators/compiler/lower.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/error.h"

namespace senetc {
namespace {

constexpr int kMaxPlanarChannels = 4;  // above, 16-channel blocks waste less than strided scalar reads

const char* text_of(Activation activation) {
    switch (activation) {
        case Activation::relu:
            return "relu";
        case Activation::sigmoid:
            return "sigmoid";
        case Activation::none:
            break;
    }
    return "none";
}

// Builds Stage::params from alternating names and values.
struct Params {
    std::map<std::string, std::string> map;
    Params& set(const char* name, int value) { return set(name, std::to_string(value)); }
    Params& set(const char* name, std::string value) {
        map[name] = std::move(value);
        return *this;
    }
};

class Lowering {
  public:
    explicit Lowering(const Graph& graph) : graph_(graph), halo_(graph.nodes.size(), 0) {
        find_halos();
        planar_image_ = image_is_planar();
    }

    Lowered run() {
        const Node& output = graph_.nodes[graph_.output];
        if (!std::holds_alternative<LinearOp>(output.op))
            throw Error(
                fmt::format("{}: the network ends in {} '{}'; it must end in a linear layer, whose outputs are the "
                            "class scores",
                            graph_.name, op_name(output.op), output.name));
        const Type& image = type(0);
        if (image.channels > kMaxPlanarChannels)
            throw Error(fmt::format("{}: the input has {} channels; images have at most {}", graph_.name,
                                    image.channels, kMaxPlanarChannels));
        lowered_.ingest_f32 = ingest("ingest_f32");
        lowered_.ingest_u8 = ingest("ingest_u8");
        lowered_.logits = graph_.output;
        for (size_t id = 1; id < graph_.nodes.size(); ++id) {
            id_ = int(id);
            std::visit([this](const auto& op) { lower_op(op); }, node().op);
        }
        return std::move(lowered_);
    }

  private:
    // ---- Layout

    void find_halos() {
        for (const Node& node : graph_.nodes)
            if (auto* conv = std::get_if<ConvOp>(&node.op))
                halo_[node.inputs[0]] = std::max(halo_[node.inputs[0]], conv->pad);
    }

    bool image_is_planar() const {
        for (const Node& node : graph_.nodes)
            for (size_t i = 0; i < node.inputs.size(); ++i)
                if (node.inputs[i] == 0) {
                    auto* conv = std::get_if<ConvOp>(&node.op);
                    if (!conv || conv->groups != 1 || i > 0) return false;
                }
        return true;
    }

    Stage ingest(const char* generator) const {
        const Type& image = type(0);
        return {generator, Params()
                               .set("ch", image.channels)
                               .set("h", image.height)
                               .set("w", image.width)
                               .set("out_halo", halo_[0])
                               .set("layout", planar_image_ ? "planar" : "blocked")
                               .map};
    }

    // ---- One case an operation

    void lower_op(const ConvOp& conv) {
        const Type& in = input_type(0);
        Params p;
        p.set("in_h", in.height).set("in_w", in.width).set("stride", conv.stride).set("pad", conv.pad);
        p.set("in_halo", input_halo(0)).set("out_halo", halo()).set("act", text_of(conv.activation));
        const bool residual = node().inputs.size() > 1;
        if (conv.groups == 1) {
            p.set("ci", in.channels)
                .set("co", conv.out_channels)
                .set("kernel_h", conv.kernel_h)
                .set("kernel_w", conv.kernel_w);
            p.set("residual", residual).set("res_halo", residual ? input_halo(1) : 0);
            p.set("layout", node().inputs[0] == 0 && planar_image_ ? "planar" : "blocked");
            return add({"conv", p.map}, {constant(conv.weight_name), constant(conv.bias_name)});
        }
        if (conv.groups != in.channels || conv.out_channels != in.channels || conv.kernel_h != conv.kernel_w ||
            residual)
            throw Error(fmt::format(
                "{}: '{}' has {} groups for {} input and {} output channels and a {}x{} kernel; a grouped "
                "convolution must be depthwise (as many groups as channels) with a square kernel and no "
                "residual of its own",
                graph_.name, node().name, conv.groups, in.channels, conv.out_channels, conv.kernel_h, conv.kernel_w));
        p.set("ch", in.channels).set("kernel", conv.kernel_h);
        add({"depthwise_conv", p.map}, {constant(conv.weight_name), constant(conv.bias_name)});
    }

    // The four statistics become y = x * scale + shift.
    void lower_op(const BatchNormOp& bn) {
        const Tensor &weight = graph_.constants.at(bn.weight_name), &bias = graph_.constants.at(bn.bias_name);
        const Tensor &mean = graph_.constants.at(bn.mean_name), &variance = graph_.constants.at(bn.variance_name);
        std::vector<double> scale(weight.size()), shift(weight.size());
        for (int64_t c = 0; c < weight.size(); ++c) {
            scale[c] = weight[c] / std::sqrt(variance[c] + bn.epsilon);
            shift[c] = bias[c] - mean[c] * scale[c];
        }
        Params p = map_params();
        p.set("act", text_of(bn.activation));
        add({"batch_norm", p.map}, {{node().name + ".scale", Tensor(weight.shape(), scale)},
                                    {node().name + ".shift", Tensor(weight.shape(), shift)}});
    }

    void lower_op(const GlobalAvgPoolOp&) {
        const Type& in = input_type(0);
        add({"squeeze",
             Params().set("ch", in.channels).set("h", in.height).set("w", in.width).set("in_halo", input_halo(0)).map},
            {});
    }

    void lower_op(const ExciteOp& excite) {
        add({"excite", Params().set("ch", node().type.channels).set("hidden", excite.hidden).map},
            {constant(excite.w1_name), constant(excite.b1_name), constant(excite.w2_name), constant(excite.b2_name)});
    }

    void lower_op(const ScaleAddOp& op) { add_scale_add(true, node().inputs.size() > 2, op.activation); }
    void lower_op(const AddActivationOp& op) { add_scale_add(false, true, op.activation); }
    void lower_op(const ActivationOp& op) { add_scale_add(false, false, op.kind); }

    void lower_op(const MaxPoolOp& pool) {
        const Type& in = input_type(0);
        add({"max_pool", Params()
                             .set("ch", in.channels)
                             .set("in_h", in.height)
                             .set("in_w", in.width)
                             .set("kernel", pool.kernel)
                             .set("stride", pool.stride)
                             .set("pad", pool.pad)
                             .set("in_halo", input_halo(0))
                             .set("out_halo", halo())
                             .map},
            {});
    }

    void lower_op(const LinearOp& linear) {
        add({"dense", Params()
                          .set("in", input_type(0).channels)
                          .set("out", linear.out_features)
                          .set("act", text_of(linear.activation))
                          .set("logits", id_ == graph_.output)
                          .map},
            {constant(linear.weight_name), constant(linear.bias_name)});
    }

    // Operations that the passes always rewrite: InputOp, AddOp, ScaleOp.
    template <typename Other>
    void lower_op(const Other& op) {
        throw Error(fmt::format("{}: '{}' is still a plain {}, which has no kernel: run the passes first", graph_.name,
                                node().name, op_name(Op(op))));
    }

    // ---- Helpers

    void add_scale_add(bool gate, bool residual, Activation activation) {
        Params p = map_params();
        p.set("gate", gate)
            .set("residual", residual)
            .set("res_halo", residual ? input_halo(node().inputs.size() - 1) : 0);
        p.set("act", text_of(activation));
        add({"scale_add", p.map}, {});
    }

    // Elementwise stages: a vector is a map of one pixel.
    Params map_params() const {
        const Type& t = node().type;
        Params p;
        p.set("ch", t.channels).set("h", std::max(t.height, 1)).set("w", std::max(t.width, 1));
        return p.set("in_halo", input_halo(0)).set("out_halo", halo());
    }

    void add(Stage stage, std::vector<std::pair<std::string, Tensor>> params) {
        lowered_.steps.push_back(
            {node().name, node().stage, std::move(stage), node().inputs, std::move(params), id_, node().type});
    }

    std::pair<std::string, Tensor> constant(const std::string& name) const {
        return {name, name.empty() ? Tensor() : graph_.constants.at(name)};
    }

    const Node& node() const { return graph_.nodes[id_]; }
    const Type& type(int value) const { return graph_.nodes[value].type; }
    const Type& input_type(size_t i) const { return type(node().inputs[i]); }
    int halo() const { return halo_[id_]; }
    int input_halo(size_t i) const { return halo_[node().inputs[i]]; }

    const Graph& graph_;
    std::vector<int> halo_;  // of every value
    bool planar_image_ = false;
    int id_ = 0;  // the node being lowered
    Lowered lowered_;
};

}  // namespace

Lowered lower(const Graph& graph) {
    return Lowering(graph).run();
}

std::string to_string(const Lowered& lowered) {
    std::string text = fmt::format("%0 = {}\n%0 = {}\n", to_string(lowered.ingest_f32), to_string(lowered.ingest_u8));
    for (const LoweredStep& step : lowered.steps) {
        text += fmt::format("%{} = {}", step.output, to_string(step.stage));
        for (int input : step.inputs) text += fmt::format(" %{}", input);
        for (const auto& [name, tensor] : step.params) text += name.empty() ? " @" : " @" + name;
        text += fmt::format("  # {}{}\n", step.name, step.public_stage.empty() ? "" : " stage=" + step.public_stage);
    }
    return text;
}

}  // namespace senetc
