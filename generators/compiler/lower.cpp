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
    Lowering(const Graph& graph, const ChooseSchedule& choose_schedule)
        : graph_(graph),
          choose_schedule_(choose_schedule),
          halo_(graph.nodes.size(), 0),
          stored_(graph.nodes.size(), false),
          sum_tiles_(graph.nodes.size()) {
        find_halos();
        find_stored();
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

    // Only the means that read sums by tile can do without the map.
    void find_stored() {
        stored_[graph_.output] = true;
        for (const Node& node : graph_.nodes)
            for (int input : node.inputs)
                if (!std::holds_alternative<GlobalAvgPoolOp>(node.op) || !has_sums(input)) stored_[input] = true;
        for (size_t id = 0; id < graph_.nodes.size(); ++id)
            if (!has_sums(int(id)) || !graph_.nodes[id].stage.empty()) stored_[id] = true;
    }

    bool has_sums(int value) const {
        return std::visit(
            [](const auto& op) {
                if constexpr (requires { op.sums; }) return op.sums;
                return false;
            },
            graph_.nodes[value].op);
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

    LoweredStep ingest(const char* generator) const {
        const Type& image = type(0);
        const Stage stage{generator, Params()
                                         .set("ch", image.channels)
                                         .set("h", image.height)
                                         .set("w", image.width)
                                         .set("out_halo", halo_[0])
                                         .set("layout", planar_image_ ? "planar" : "blocked")
                                         .map};
        LoweredStep step{"input", "", stage, {}, {}, {}, {}, {}, {0}, image};
        choose_schedule(step);
        return step;
    }

    // ---- One case an operation

    void lower_op(const ConvOp& conv) {
        const Type& in = input_type(0);
        const bool depthwise = conv.groups == in.channels && conv.out_channels == in.channels && conv.groups != 1;
        const int residual = residual_input(node());
        Params p;
        p.set("in_h", in.height).set("in_w", in.width).set("stride", conv.stride).set("pad", conv.pad);
        p.set("in_halo", input_halo(0)).set("act", text_of(conv.activation)).set("gate", conv.gate != Gate::none);
        set_outputs(p);
        if (conv.groups == 1) {
            p.set("ci", in.channels)
                .set("co", conv.out_channels)
                .set("kernel_h", conv.kernel_h)
                .set("kernel_w", conv.kernel_w);
            p.set("residual", residual >= 0).set("res_halo", residual >= 0 ? input_halo(size_t(residual)) : 0);
            p.set("layout", node().inputs[0] == 0 && planar_image_ ? "planar" : "blocked");
            std::vector<std::pair<std::string, Tensor>> params = {constant(conv.weight_name), constant(conv.bias_name)};
            if (!conv.shortcut_weight_name.empty()) {
                const Type& from = input_type(size_t(residual));
                p.set("shortcut_ci", from.channels).set("shortcut_h", from.height).set("shortcut_w", from.width);
                p.set("shortcut_stride", conv.shortcut_stride);
                params.push_back(constant(conv.shortcut_weight_name));
                params.push_back(constant(conv.shortcut_bias_name));
            }
            return add({"conv", p.map}, std::move(params));
        }
        if (!depthwise || conv.kernel_h != conv.kernel_w || residual >= 0)
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
        const int x = node().inputs[0];
        const Type& in = type(x);
        const Type tiles = has_sums(x) ? sum_tiles_[x] : in;
        add({"squeeze", Params()
                            .set("ch", in.channels)
                            .set("h", tiles.height)
                            .set("w", tiles.width)
                            .set("pixels", in.height * in.width)
                            .set("in_halo", has_sums(x) ? 0 : input_halo(0))
                            .map},
            {}, {has_sums(x) ? sums_of(x) : x});
    }

    void lower_op(const WindowMeansOp& op) {
        const int x = node().inputs[0];
        const Type &in = type(x), &tiles = has_sums(x) ? sum_tiles_[x] : in;  // each pixel is a tile of its own
        if (op.kernel != 3 || op.pad != 1)
            throw Error(fmt::format("{}: '{}' must be the means of a 3x3 window with pad=1", graph_.name, node().name));
        add({"window_means", Params()
                                 .set("ch", in.channels)
                                 .set("h", in.height)
                                 .set("w", in.width)
                                 .set("in_halo", input_halo(0))
                                 .set("tiles_x", tiles.width)
                                 .set("tiles_y", tiles.height)
                                 .set("sums_halo", has_sums(x) ? 0 : input_halo(0))
                                 .map},
            {}, {x, has_sums(x) ? sums_of(x) : x});
    }

    // The means under a window's taps are one vector a tap, each padded to whole blocks.
    void lower_op(const ExciteOp& excite) {
        const int x = node().inputs[0];
        const bool windows = std::holds_alternative<WindowMeansOp>(graph_.nodes[x].op);
        const int segments = windows ? type(x).channels / input_type_of(x).channels : 1;
        add({"excite", Params()
                           .set("ch", type(x).channels / segments)
                           .set("segments", segments)
                           .set("hidden", excite.hidden)
                           .set("out", excite.out_channels)
                           .map},
            {constant(excite.w1_name), constant(excite.b1_name), constant(excite.w2_name), constant(excite.b2_name)});
    }

    void lower_op(const ScaleAddOp& op) { add_scale_add(true, node().inputs.size() > 2, op.activation); }
    void lower_op(const AddActivationOp& op) { add_scale_add(false, true, op.activation); }
    void lower_op(const ScaleOp&) { add_scale_add(true, false, Activation::none); }
    void lower_op(const AddOp&) { add_scale_add(false, true, Activation::none); }
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

    void lower_op(const InputOp&) {
        throw Error(fmt::format("{}: '{}' is a second input; a network has one", graph_.name, node().name));
    }

    template <class Operation>
    void lower_op(const Operation& op) {
        throw Error(fmt::format("{}: '{}' has no kernel: senetc can't compile the operation {} yet", graph_.name,
                                node().name, op_name(op)));
    }

    // ---- Helpers

    void add_scale_add(bool gate, bool residual, Activation activation) {
        Params p = map_params();
        p.set("gate", gate)
            .set("residual", residual)
            .set("res_halo", residual ? input_halo(node().inputs.size() - 1) : 0);
        p.set("act", text_of(activation));
        set_outputs(p);
        add({"scale_add", p.map}, {});
    }

    // Elementwise stages: a vector is a map of one pixel.
    Params map_params() const {
        const Type& t = node().type;
        Params p;
        p.set("ch", t.channels).set("h", std::max(t.height, 1)).set("w", std::max(t.width, 1));
        return p.set("in_halo", input_halo(0)).set("out_halo", halo());
    }

    void set_outputs(Params& p) const {
        p.set("out_halo", halo()).set("sums", has_sums(id_)).set("store", int(stored_[id_]));
    }

    void add(Stage stage, std::vector<std::pair<std::string, Tensor>> params) {
        add(std::move(stage), std::move(params), node().inputs);
    }

    void add(Stage stage, std::vector<std::pair<std::string, Tensor>> params, std::vector<int> inputs) {
        LoweredStep step{node().name, node().stage,      std::move(stage),  {}, {},
                         {},          std::move(inputs), std::move(params), {}, node().type};
        choose_schedule(step);
        for (const Argument& argument : arguments(step.stage, step.schedule)) {
            if (argument.role != Role::output) continue;
            const bool sums = argument.name == "tile_sums";
            step.outputs.push_back(sums ? sums_of(id_) : id_);
            if (sums) sum_tiles_[id_] = {node().type.channels, argument.dims[2].extent, argument.dims[1].extent};
        }
        if (!stored_[id_]) step.type = sum_tiles_[id_];
        lowered_.steps.push_back(std::move(step));
    }

    void choose_schedule(LoweredStep& step) const {
        ScheduleChoice choice = choose_schedule_(step.stage, step.name);
        step.schedule = std::move(choice.schedule);
        step.source = std::move(choice.source);
        step.weights_folder = std::move(choice.weights_folder);
    }

    int sums_of(int value) const { return int(graph_.nodes.size()) + value; }

    std::pair<std::string, Tensor> constant(const std::string& name) const {
        return {name, name.empty() ? Tensor() : graph_.constants.at(name)};
    }

    const Node& node() const { return graph_.nodes[id_]; }
    const Type& type(int value) const { return graph_.nodes[value].type; }
    const Type& input_type(size_t i) const { return type(node().inputs[i]); }
    const Type& input_type_of(int value) const { return type(graph_.nodes[value].inputs[0]); }
    int halo() const { return halo_[id_]; }
    int input_halo(size_t i) const { return halo_[node().inputs[i]]; }

    const Graph& graph_;
    const ChooseSchedule& choose_schedule_;
    std::vector<int> halo_;        // of every value
    std::vector<bool> stored_;     // as a map or vector, not only as sums
    std::vector<Type> sum_tiles_;  // [channels, tiles down, tiles across] of the values with sums
    bool planar_image_ = false;
    int id_ = 0;  // the node being lowered
    Lowered lowered_;
};

}  // namespace

ChooseSchedule choose_from(const ScheduleSource& source, const std::string& variant) {
    return
        [source, info = find_variant(variant)](const Stage& stage, const std::string&) { return source(stage, info); };
}

Lowered lower(const Graph& graph, const ChooseSchedule& choose_schedule) {
    return Lowering(graph, choose_schedule).run();
}

namespace {

std::string line(const LoweredStep& step) {
    std::string text;
    for (int output : step.outputs) text += fmt::format("{}%{}", text.empty() ? "" : " ", output);
    text += " = " + to_string(step.stage);
    for (int input : step.inputs) text += fmt::format(" %{}", input);
    for (const auto& [name, tensor] : step.params) text += name.empty() ? " @" : " @" + name;
    return text + fmt::format("  # {}{} by {} ({})\n", step.name,
                              step.public_stage.empty() ? "" : " stage=" + step.public_stage, to_string(step.schedule),
                              step.source);
}

}  // namespace

std::string to_string(const Lowered& lowered) {
    std::string text = line(lowered.ingest_f32) + line(lowered.ingest_u8);
    for (const LoweredStep& step : lowered.steps) text += line(step);
    return text;
}

}  // namespace senetc
