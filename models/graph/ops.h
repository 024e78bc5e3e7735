// The one table of operations: name in text, inputs, attributes. print, parse, verify and infer_shapes all read it, so
// they can't disagree. A new op adds a row, a fields() and, in types.cpp, its type rule.
#pragma once

#include <array>
#include <utility>

#include "models/graph/graph.h"

namespace senetc {

struct OpInfo {
    const char* name;
    const char* inputs;  // m: map, v: vector, a: either; those after | may be absent
};

// In the order of Op's alternatives.
inline constexpr std::array<OpInfo, std::variant_size_v<Op>> kOps = {{
    {"input", ""},
    {"conv", "m|aa"},
    {"batch_norm", "m"},
    {"activation", "a"},
    {"add", "aa"},
    {"scale", "av"},
    {"global_avg_pool", "m"},
    {"max_pool", "m"},
    {"linear", "v"},
    {"excite", "v"},
    {"scale_add", "av|a"},
    {"add_activation", "aa"},
    {"window_means", "m"},
}};
static_assert(kOps.back().name != nullptr, "an operation of Op has no row in kOps");

// For the static_assert of a template that stands in for an operation's missing case.
template <class Operation>
inline constexpr bool kHasCase = false;

struct Range {
    int min, max;
};
inline constexpr Range kChannels{1, 1 << 16}, kKernel{1, 1 << 10}, kStride{1, 1 << 10}, kPad{0, 1 << 10};
inline constexpr int kMaxExtent = 1 << 16;                 // of a map's height and width
inline constexpr int64_t kMaxElements = int64_t{1} << 30;  // of one value: offsets fit an int32 in kernels
inline constexpr int64_t kMaxWeights = int64_t{1} << 29;   // of all constants of a graph: 2 GiB as floats

enum class Presence { required, optional };

// fields(op, visitor) shows the visitor every attribute, in the order of print. A visitor has
//     constant(key, std::string& name, Presence)       weight=@conv1.weight
//     integer(key, int& value, Range, int absent)      stride=2   (not printed when equal to `absent`)
//     extent(key, int& height, int& width, Range)      kernel=3x3
//     positive(key, double& value)                     epsilon=1e-05
//     choice(key, Enum& value)                         act=relu   (by choices_of(Enum); not printed when the first)
//     flag(key, bool& value)                           sums=1     (not printed when false)
inline constexpr int kAlwaysPrinted = -1;  // an `absent` that no value equals: the attribute must be given

template <class Visitor>
void fields(ConvOp& op, Visitor& visitor) {
    visitor.constant("weight", op.weight_name, Presence::required);
    visitor.constant("bias", op.bias_name, Presence::optional);
    visitor.integer("out", op.out_channels, kChannels, kAlwaysPrinted);
    visitor.extent("kernel", op.kernel_h, op.kernel_w, kKernel);
    visitor.integer("stride", op.stride, kStride, 1);
    visitor.integer("pad", op.pad, kPad, 0);
    visitor.integer("groups", op.groups, kChannels, 1);
    visitor.choice("gate", op.gate);
    visitor.constant("shortcut_weight", op.shortcut_weight_name, Presence::optional);
    visitor.constant("shortcut_bias", op.shortcut_bias_name, Presence::optional);
    visitor.integer("shortcut_stride", op.shortcut_stride, kStride, 1);
    visitor.choice("act", op.activation);
    visitor.flag("sums", op.sums);
}

template <class Visitor>
void fields(BatchNormOp& op, Visitor& visitor) {
    visitor.constant("weight", op.weight_name, Presence::required);
    visitor.constant("bias", op.bias_name, Presence::required);
    visitor.constant("mean", op.mean_name, Presence::required);
    visitor.constant("variance", op.variance_name, Presence::required);
    visitor.positive("epsilon", op.epsilon);
    visitor.choice("act", op.activation);
}

template <class Visitor>
void fields(MaxPoolOp& op, Visitor& visitor) {
    visitor.integer("kernel", op.kernel, kKernel, kAlwaysPrinted);
    visitor.integer("stride", op.stride, kStride, 1);
    visitor.integer("pad", op.pad, kPad, 0);
}

template <class Visitor>
void fields(LinearOp& op, Visitor& visitor) {
    visitor.constant("weight", op.weight_name, Presence::required);
    visitor.constant("bias", op.bias_name, Presence::optional);
    visitor.integer("out", op.out_features, kChannels, kAlwaysPrinted);
    visitor.choice("act", op.activation);
}

template <class Visitor>
void fields(ExciteOp& op, Visitor& visitor) {
    visitor.constant("w1", op.w1_name, Presence::required);
    visitor.constant("b1", op.b1_name, Presence::optional);
    visitor.constant("w2", op.w2_name, Presence::required);
    visitor.constant("b2", op.b2_name, Presence::optional);
    visitor.integer("hidden", op.hidden, kChannels, kAlwaysPrinted);
    visitor.integer("out", op.out_channels, kChannels, kAlwaysPrinted);
}

template <class Visitor>
void fields(WindowMeansOp& op, Visitor& visitor) {
    visitor.integer("kernel", op.kernel, kKernel, kAlwaysPrinted);
    visitor.integer("pad", op.pad, kPad, 0);
}

template <class Visitor>
void fields(ActivationOp& op, Visitor& visitor) {
    visitor.choice("act", op.kind);
}

template <class Visitor>
void fields(ScaleAddOp& op, Visitor& visitor) {
    visitor.choice("act", op.activation);
    visitor.flag("sums", op.sums);
}

template <class Visitor>
void fields(AddActivationOp& op, Visitor& visitor) {
    visitor.choice("act", op.activation);
    visitor.flag("sums", op.sums);
}

template <class Visitor>
void fields(InputOp&, Visitor&) {}
template <class Visitor>
void fields(AddOp&, Visitor&) {}
template <class Visitor>
void fields(ScaleOp&, Visitor&) {}
template <class Visitor>
void fields(GlobalAvgPoolOp&, Visitor&) {}

template <class Operation, class Visitor>
void fields(Operation&, Visitor&) {
    static_assert(kHasCase<Operation>, "ops.h has no fields() for this operation");
}

template <class Visitor>
void visit_fields(Op& op, Visitor& visitor) {
    std::visit([&](auto& alternative) { fields(alternative, visitor); }, op);
}
// A visitor that only looks gets a copy to look at.
template <class Visitor>
void visit_fields(const Op& op, Visitor& visitor) {
    Op copy = op;
    visit_fields(copy, visitor);
}

// The words of an enumeration in text, in its order; the first is what an absent attribute means.
inline constexpr std::array<const char*, 3> choices_of(Activation) {
    return {"none", "relu", "sigmoid"};
}
inline constexpr std::array<const char*, 3> choices_of(Gate) {
    return {"none", "input", "output"};
}
template <class Enum>
const char* to_string(Enum value) requires requires {
    choices_of(value);
}
{ return choices_of(value)[static_cast<size_t>(value)]; }

}  // namespace senetc
