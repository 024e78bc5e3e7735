#include "generators/oracle/logical.h"

namespace senetc::oracle {

namespace {

int extent(const Stage& s, const char* in, int kernel) {
    return (s.number(in) + 2 * s.number("pad") - kernel) / s.number("stride") + 1;
}

}  // namespace

std::vector<int> logical_shape(const Stage& s, const std::string& name) {
    const auto n = [&](const char* param) { return s.number(param); };
    if (s.generator == "conv") {
        const std::vector<int> out = {n("co"), extent(s, "in_h", n("kernel_h")), extent(s, "in_w", n("kernel_w"))};
        if (name == "input") return {n("ci"), n("in_h"), n("in_w")};
        if (name == "weight") return {n("co"), n("ci"), n("kernel_h"), n("kernel_w")};
        if (name == "shortcut_map") return {n("shortcut_ci"), n("shortcut_h"), n("shortcut_w")};
        if (name == "shortcut_weight") return {n("co"), n("shortcut_ci"), 1, 1};
        if (name == "shortcut_bias") return {n("co")};
        return name == "bias" || name == "gate_vector" ? std::vector<int>{n("co")} : out;
    }
    if (s.generator == "depthwise_conv" || s.generator == "max_pool") {
        if (name == "input") return {n("ch"), n("in_h"), n("in_w")};
        if (name == "weight") return {n("ch"), 1, n("kernel"), n("kernel")};
        if (name == "bias" || name == "gate_vector") return {n("ch")};
        return {n("ch"), extent(s, "in_h", n("kernel")), extent(s, "in_w", n("kernel"))};
    }
    if (s.generator == "dense") {
        if (name == "weight") return {n("out"), n("in")};
        return {name == "input" ? n("in") : n("out")};
    }
    if (s.generator == "excite") {
        const int in = n("segments") * n("ch");
        if (name == "w1") return {n("hidden"), in};
        if (name == "w2") return {n("out"), n("hidden")};
        return {name == "input" ? in : name == "b1" ? n("hidden") : n("out")};
    }
    if (s.generator == "window_means") {
        if (name == "output") return {9 * n("ch")};
        if (name == "input_sums") return {n("ch"), n("tiles_y"), n("tiles_x")};
    }
    if (name == "normalisation") return {2, n("ch")};
    const bool per_channel =
        name == "scale" || name == "shift" || name == "gate_vector" || (s.generator == "squeeze" && name == "output");
    if (per_channel) return {n("ch")};
    return {n("ch"), n("h"), n("w")};
}

Array::Array(std::vector<int> shape_) : shape(std::move(shape_)) {
    size_t count = 1;
    for (int extent : shape) count *= static_cast<size_t>(extent);
    values.resize(count);
}

std::vector<int> logical_shape(const Stage& s, const Argument& argument) {
    if (argument.name == "tile_sums")
        return {s.number(s.params.count("co") != 0 ? "co" : "ch"), argument.dims[2].extent, argument.dims[1].extent};
    return logical_shape(s, argument.name);
}

int run_length(const Stage& s, const Argument& argument) {
    const bool by_tap = (s.generator == "window_means" && argument.name == "output") ||
                        (s.generator == "excite" && argument.name == "input");
    return by_tap ? s.number("ch") : logical_shape(s, argument).at(0);
}

Array tile_sums(const Array& map, const std::vector<int>& shape) {
    const auto tile = [&](size_t axis) { return (map.shape[axis] + shape[axis] - 1) / shape[axis]; };
    const int tile_y = tile(1), tile_x = tile(2);
    Array sums(shape);
    size_t from = 0;
    for (int c = 0; c < map.shape[0]; c++) {
        for (int y = 0; y < map.shape[1]; y++) {
            for (int x = 0; x < map.shape[2]; x++, from++)
                sums.values[static_cast<size_t>((c * shape[1] + y / tile_y) * shape[2] + x / tile_x)] +=
                    map.values[from];
        }
    }
    for (double& sum : sums.values) sum = static_cast<float>(sum);
    return sums;
}

}  // namespace senetc::oracle
