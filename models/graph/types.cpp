#include "models/graph/types.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/error.h"
#include "models/graph/ops.h"

namespace senetc {
namespace {

using Types = std::vector<Type>;

// ---- The type rule of each operation; inputs have the kinds of kOps and attributes are in range -----------

template <class Operation>
Type rule(const Operation&, const Types&) {
    static_assert(kHasCase<Operation>, "types.cpp has no rule() for the type of this operation's value");
    return {};
}

Type rule(const InputOp&, const Types&) {
    throw std::logic_error("the input's type is given");
}

int windows(int extent, int kernel, int stride, int pad) {
    int span = extent + 2 * pad - kernel;
    return span < 0 ? 0 : span / stride + 1;
}

Type windowed(Type x, int channels, int kernel_h, int kernel_w, int stride, int pad) {
    Type y{channels, windows(x.height, kernel_h, stride, pad), windows(x.width, kernel_w, stride, pad)};
    if (y.height < 1 || y.width < 1)
        throw Error(
            fmt::format("a {}x{} window with pad {} doesn't fit into {}: the map would vanish; give a larger input",
                        kernel_h, kernel_w, pad, to_string(x)));
    return y;
}

void check_residual(const Types& inputs, size_t index, Type type) {
    if (inputs.size() > index && inputs[index] != type)
        throw Error(fmt::format("the residual is {} where {} is added", to_string(inputs[index]), to_string(type)));
}

void check_gate(Type gate, int channels) {
    if (gate != Type{channels, 0, 0})
        throw Error(fmt::format("the gate is {} where f32[{}] is needed", to_string(gate), channels));
}

void check_conv_gate(const ConvOp& op, const Types& inputs) {
    if (op.gate == Gate::none && inputs.size() > 2)
        throw Error(fmt::format("has {} inputs where conv takes 1 or 2 without gate=", inputs.size()));
    if (op.gate == Gate::none) return;
    if (inputs.size() < 2) throw Error(fmt::format("gate={} needs the gate as second input", to_string(op.gate)));
    if ((op.gate == Gate::input) == (op.groups == 1))
        throw Error(
            fmt::format("gate={} with groups={}: a dense convolution may have gate=output, a depthwise one gate=input",
                        to_string(op.gate), op.groups));
    check_gate(inputs[1], op.gate == Gate::input ? inputs[0].channels : op.out_channels);
}

// The residual, or the 1x1 convolution of the last input that stands in for it.
void check_conv_residual(const ConvOp& op, const Types& inputs, Type y) {
    const size_t index = op.gate == Gate::none ? 1 : 2;
    if (op.shortcut_weight_name.empty()) {
        if (!op.shortcut_bias_name.empty() || op.shortcut_stride != 1)
            throw Error("shortcut_bias= and shortcut_stride= need shortcut_weight=");
        return check_residual(inputs, index, y);
    }
    if (inputs.size() <= index) throw Error("shortcut_weight= needs the map that the shortcut reads as last input");
    if (op.groups != 1) throw Error("a depthwise convolution can't have a shortcut_weight=");
    if (!inputs[index].is_map()) throw Error(fmt::format("the shortcut reads {}, not a map", to_string(inputs[index])));
    const Type shortcut = windowed(inputs[index], op.out_channels, 1, 1, op.shortcut_stride, 0);
    if (shortcut != y)
        throw Error(fmt::format("the shortcut is {} where {} is added", to_string(shortcut), to_string(y)));
}

Type rule(const ConvOp& op, const Types& inputs) {
    bool depthwise = op.groups == inputs[0].channels && op.groups == op.out_channels;
    if (op.groups != 1 && !depthwise)
        throw Error(fmt::format("groups={} must be 1, or equal to the input's {} and the output's {} channels",
                                op.groups, inputs[0].channels, op.out_channels));
    Type y = windowed(inputs[0], op.out_channels, op.kernel_h, op.kernel_w, op.stride, op.pad);
    check_conv_gate(op, inputs);
    check_conv_residual(op, inputs, y);
    return y;
}

Type rule(const MaxPoolOp& op, const Types& inputs) {
    if (2 * op.pad > op.kernel)
        throw Error(
            fmt::format("pad={} is more than half of kernel={}: a window could see padding alone", op.pad, op.kernel));
    return windowed(inputs[0], inputs[0].channels, op.kernel, op.kernel, op.stride, op.pad);
}

Type rule(const BatchNormOp&, const Types& inputs) {
    return inputs[0];
}

Type rule(const ActivationOp& op, const Types& inputs) {
    if (op.kind == Activation::none) throw Error("act=relu or act=sigmoid is needed");
    return inputs[0];
}

void check_sums(bool sums, Type y) {
    if (sums && !y.is_map()) throw Error(fmt::format("sums=1 where the value is the vector {}", to_string(y)));
}

Type same_types(const Types& inputs) {
    if (inputs[0] != inputs[1])
        throw Error(fmt::format("adds {} to {}: the types must be equal", to_string(inputs[1]), to_string(inputs[0])));
    return inputs[0];
}
Type rule(const AddOp&, const Types& inputs) {
    return same_types(inputs);
}
Type rule(const AddActivationOp& op, const Types& inputs) {
    check_sums(op.sums, inputs[0]);
    return same_types(inputs);
}

Type scaled(const Types& inputs) {
    check_gate(inputs[1], inputs[0].channels);
    check_residual(inputs, 2, inputs[0]);
    return inputs[0];
}
Type rule(const ScaleOp&, const Types& inputs) {
    return scaled(inputs);
}
Type rule(const ScaleAddOp& op, const Types& inputs) {
    check_sums(op.sums, inputs[0]);
    return scaled(inputs);
}

Type rule(const GlobalAvgPoolOp&, const Types& inputs) {
    return {inputs[0].channels, 0, 0};
}
Type rule(const LinearOp& op, const Types&) {
    return {op.out_features, 0, 0};
}
Type rule(const ExciteOp& op, const Types&) {
    return {op.out_channels, 0, 0};
}
Type rule(const WindowMeansOp& op, const Types& inputs) {
    Type seen = windowed(inputs[0], inputs[0].channels, op.kernel, op.kernel, 1, op.pad);
    return {op.kernel * op.kernel * seen.channels, 0, 0};
}

// ---- The constants of each operation: (key, name, shape) --------------------------------------------------

// `inputs` has one type at least.
std::vector<ConstantUse> uses(const ConvOp& op, const Types& inputs) {
    return {{"weight", op.weight_name, {op.out_channels, inputs[0].channels / op.groups, op.kernel_h, op.kernel_w}},
            {"bias", op.bias_name, {op.out_channels}},
            {"shortcut_weight", op.shortcut_weight_name, {op.out_channels, inputs.back().channels, 1, 1}},
            {"shortcut_bias", op.shortcut_bias_name, {op.out_channels}}};
}
std::vector<ConstantUse> uses(const BatchNormOp& op, const Types& inputs) {
    const Type x = inputs[0];
    return {{"weight", op.weight_name, {x.channels}},
            {"bias", op.bias_name, {x.channels}},
            {"mean", op.mean_name, {x.channels}},
            {"variance", op.variance_name, {x.channels}}};
}
std::vector<ConstantUse> uses(const LinearOp& op, const Types& inputs) {
    return {{"weight", op.weight_name, {op.out_features, inputs[0].channels}},
            {"bias", op.bias_name, {op.out_features}}};
}
std::vector<ConstantUse> uses(const ExciteOp& op, const Types& inputs) {
    return {{"w1", op.w1_name, {op.hidden, inputs[0].channels}},
            {"b1", op.b1_name, {op.hidden}},
            {"w2", op.w2_name, {op.out_channels, op.hidden}},
            {"b2", op.b2_name, {op.out_channels}}};
}
template <class Other>
std::vector<ConstantUse> uses(const Other&, const Types&) {
    return {};
}

struct ConstantCounter {
    size_t count = 0;
    void constant(const char*, const std::string& name, Presence) { count += !name.empty(); }
    void integer(const char*, int, Range, int) {}
    void extent(const char*, int, int, Range) {}
    void positive(const char*, double) {}
    template <class Enum>
    void choice(const char*, Enum) {}
    void flag(const char*, bool) {}
};

// ---- What every operation must keep to --------------------------------------------------------------------

struct RangeCheck {
    void constant(const char* key, const std::string& name, Presence presence) const {
        if (presence == Presence::required && name.empty()) throw Error(fmt::format("{}=@NAME is missing", key));
    }
    void integer(const char* key, int value, Range range, int) const {
        if (value < range.min || value > range.max)
            throw Error(fmt::format("{}={} must be between {} and {}", key, value, range.min, range.max));
    }
    void extent(const char* key, int height, int width, Range range) const {
        integer(key, height, range, 0);
        integer(key, width, range, 0);
    }
    void positive(const char* key, double value) const {
        if (!(value > 0) || !std::isfinite(value)) throw Error(fmt::format("{}={} must be above 0", key, value));
    }
    template <class Enum>
    void choice(const char*, Enum) const {}
    void flag(const char*, bool) const {}
};

void check_inputs(const OpInfo& info, const Types& inputs) {
    std::string kinds = info.inputs;
    size_t least = kinds.find('|') == std::string::npos ? kinds.size() : kinds.find('|');
    std::erase(kinds, '|');
    if (inputs.size() < least || inputs.size() > kinds.size())
        throw Error(fmt::format(
            "has {} inputs where {} takes {}", inputs.size(), info.name,
            least == kinds.size() ? fmt::format("{}", least) : fmt::format("{} or {}", least, kinds.size())));
    for (size_t i = 0; i < inputs.size(); i++) {
        if (kinds[i] == 'm' && !inputs[i].is_map())
            throw Error(
                fmt::format("input {} is the vector {} where {} takes a map", i + 1, to_string(inputs[i]), info.name));
        if (kinds[i] == 'v' && inputs[i].is_map())
            throw Error(
                fmt::format("input {} is the map {} where {} takes a vector", i + 1, to_string(inputs[i]), info.name));
    }
}

Type checked(Type type) {
    bool vector = type.height == 0 && type.width == 0, map = type.height > 0 && type.width > 0;
    int64_t elements = int64_t{type.channels} * std::max(1, type.height) * std::max(1, type.width);
    if ((!vector && !map) || type.channels < 1 || type.channels > kChannels.max || type.height > kMaxExtent ||
        type.width > kMaxExtent || elements > kMaxElements)
        throw Error(fmt::format("the value {} isn't between 1 and {} channels, {} a side and {} elements",
                                to_string(type), kChannels.max, kMaxExtent, kMaxElements));
    return type;
}

Types input_types(const Graph& graph, const Node& node) {
    Types types;
    for (ValueId input : node.inputs) types.push_back(graph.nodes.at(input).type);
    return types;
}

Type unnamed_infer_type(const Graph& graph, const Node& node) {
    Types inputs = input_types(graph, node);
    check_inputs(kOps[node.op.index()], inputs);
    RangeCheck check;
    visit_fields(node.op, check);
    if (std::holds_alternative<InputOp>(node.op)) return checked(node.type);
    return checked(std::visit([&](const auto& op) { return rule(op, inputs); }, node.op));
}

}  // namespace

std::string to_string(const Type& type) {
    if (type.is_map()) return fmt::format("f32[{},{},{}]", type.channels, type.height, type.width);
    return fmt::format("f32[{}]", type.channels);
}

Type infer_type(const Graph& graph, const Node& node) {
    try {
        return unnamed_infer_type(graph, node);
    } catch (const Error& error) {
        throw Error(fmt::format("%{} ({}): {}", node.name, op_name(node.op), error.what()));
    }
}

std::vector<ConstantUse> constants_of(const Graph& graph, const Node& node) {
    Types inputs = input_types(graph, node);
    if (inputs.empty()) inputs.resize(1);
    auto found = std::visit([&](const auto& op) { return uses(op, inputs); }, node.op);
    std::erase_if(found, [](const ConstantUse& use) { return use.name.empty(); });
    ConstantCounter counter;
    visit_fields(node.op, counter);
    if (counter.count != found.size())
        throw std::logic_error("types.cpp has no uses() that gives the shapes of the constants of " + op_name(node.op));
    return found;
}

}  // namespace senetc
