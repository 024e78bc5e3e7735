#include "models/zoo/builder.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.h"
#include "models/graph/types.h"

namespace senetc {
namespace {

int at_least_one(const char* what, int value) {
    if (value < 1) throw Error(fmt::format("{} is {} but must be at least 1", what, value));
    return value;
}

}  // namespace

Builder::Builder(const Network& network, const NetworkOptions& options)
    : classes_(at_least_one("--classes", options.classes.value_or(network.classes))),
      reduction_(at_least_one("--reduction", options.reduction.value_or(network.reduction))),
      plain_(options.plain) {
    bool prefixed = network.name.starts_with("se_");
    graph_.name = plain_ && prefixed ? network.name.substr(3) : network.name;
    Node input{"input", InputOp{}, {}, {}, ""};
    input.type = {3, at_least_one("--input's height", options.height.value_or(network.height)),
                  at_least_one("--input's width", options.width.value_or(network.width))};
    input.type = infer_type(graph_, input);
    graph_.nodes.push_back(input);
}

ValueId Builder::push(const std::string& name, Op op, std::vector<ValueId> inputs) {
    Node node{name, std::move(op), std::move(inputs), {}, ""};
    node.type = infer_type(graph_, node);
    graph_.nodes.push_back(std::move(node));
    return static_cast<ValueId>(graph_.nodes.size()) - 1;
}

ValueId Builder::conv(const std::string& name, ValueId x, int out, int kernel, int stride, int pad, int groups) {
    return push(name, ConvOp{out, kernel, kernel, stride, pad, groups, name + ".weight", "", Activation::none}, {x});
}

ValueId Builder::batch_norm(const std::string& name, ValueId x) {
    BatchNormOp op{name + ".weight",      name + ".bias", name + ".running_mean",
                   name + ".running_var", 1e-5,           Activation::none};
    return push(name, op, {x});
}

ValueId Builder::relu(const std::string& name, ValueId x) {
    return push(name, ActivationOp{Activation::relu}, {x});
}

ValueId Builder::max_pool(const std::string& name, ValueId x, int kernel, int stride, int pad) {
    return push(name, MaxPoolOp{kernel, stride, pad}, {x});
}

ValueId Builder::add(const std::string& name, ValueId a, ValueId b) {
    return push(name, AddOp{}, {a, b});
}

ValueId Builder::se(const std::string& name, ValueId x) {
    if (plain_) return x;
    int hidden = std::max(1, channels(x) / reduction_);
    ValueId s = push(name + ".pool", GlobalAvgPoolOp{}, {x});
    s = push(name + ".fc.0", LinearOp{hidden, name + ".fc.0.weight", "", Activation::none}, {s});
    s = relu(name + ".fc.1", s);
    s = push(name + ".fc.2", LinearOp{channels(x), name + ".fc.2.weight", "", Activation::none}, {s});
    s = push(name + ".gate", ActivationOp{Activation::sigmoid}, {s});
    return push(name + ".scale", ScaleOp{}, {x, s});
}

Graph Builder::classify(ValueId x) {
    ValueId pooled = push("pool", GlobalAvgPoolOp{}, {x});
    graph_.output = push("fc", LinearOp{classes_, "fc.weight", "fc.bias", Activation::none}, {pooled});
    return std::move(graph_);
}

}  // namespace senetc
