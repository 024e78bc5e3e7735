#include "models/reference/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/error.h"
#include "models/graph/ops.h"

namespace senetc {
namespace {

using Values = std::vector<double>;

struct Evaluator {
    const Graph& graph;
    const std::vector<double>& input;
    std::vector<Values> values;  // of the nodes so far

    const Values& in(const Node& node, size_t i) const { return values[node.inputs[i]]; }
    Type type_in(const Node& node, size_t i) const { return graph.nodes[node.inputs[i]].type; }
    Values constant(const std::string& name) const {
        auto found = graph.constants.find(name);
        if (found == graph.constants.end()) throw Error(fmt::format("@{} isn't bound", name));
        return found->second.to_doubles();
    }
    // The constant, or zeros when it is absent.
    Values bias(const std::string& name, int count) const { return name.empty() ? Values(count, 0.0) : constant(name); }

    static double activate(double x, Activation activation) {
        if (activation == Activation::relu) return std::max(x, 0.0);
        if (activation == Activation::sigmoid) return 1 / (1 + std::exp(-x));
        return x;
    }
    static Values activated(Values values, Activation activation) {
        for (double& value : values) value = activate(value, activation);
        return values;
    }
    static void accumulate(Values& sum, const Values& other) {
        for (size_t i = 0; i < sum.size(); i++) sum[i] += other[i];
    }

    Values operator()(const Node& node, const InputOp&) const {
        size_t elements = size_t(node.type.channels) * std::max(1, node.type.height) * std::max(1, node.type.width);
        if (input.size() != elements)
            throw Error(fmt::format("%{} needs {} values, not {}", node.name, elements, input.size()));
        return input;
    }

    // y[o][oy][ox] += sum over i, ky, kx of weight[o][i][ky][kx] x[i][oy stride + ky - pad][ox stride + kx - pad]
    Values correlated(const Values& from, Type x, const ConvOp& op, Type y) const {
        Values weight = constant(op.weight_name), bias_of = bias(op.bias_name, y.channels), result;
        int ins = x.channels / op.groups, outs = y.channels / op.groups;
        int64_t plane = int64_t{x.height} * x.width, out_plane = int64_t{y.height} * y.width;
        for (int o = 0; o < y.channels; o++) {
            result.resize(result.size() + out_plane, bias_of[o]);
            double* out = result.data() + o * out_plane;
            for (int i = 0; i < ins; i++) {
                const double* taps = weight.data() + (int64_t{o} * ins + i) * op.kernel_h * op.kernel_w;
                add_correlation(from.data() + (o / outs * ins + i) * plane, x, op, taps, out, y);
            }
        }
        return result;
    }

    Values operator()(const Node& node, const ConvOp& op) const {
        Values from = op.gate == Gate::input ? scaled(in(node, 0), in(node, gate_input(node))) : in(node, 0);
        Values result = correlated(from, type_in(node, 0), op, node.type);
        if (op.gate == Gate::output) result = scaled(std::move(result), in(node, gate_input(node)));
        if (op.shortcut_weight_name.empty()) return finished(node, std::move(result), op.activation);
        ConvOp shortcut;
        shortcut.stride = op.shortcut_stride;
        shortcut.weight_name = op.shortcut_weight_name, shortcut.bias_name = op.shortcut_bias_name;
        const size_t input = residual_input(node);
        accumulate(result, correlated(in(node, input), type_in(node, input), shortcut, node.type));
        return activated(std::move(result), op.activation);
    }

    // activation(values [+ residual])
    Values finished(const Node& node, Values values, Activation activation) const {
        if (int residual = residual_input(node); residual >= 0) accumulate(values, in(node, residual));
        return activated(std::move(values), activation);
    }

    // out += the correlation of one plane with one kernel; taps outside of the plane see zeros.
    static void add_correlation(const double* plane, Type x, const ConvOp& op, const double* taps, double* out,
                                Type y) {
        for (int ky = 0; ky < op.kernel_h; ky++)
            for (int kx = 0; kx < op.kernel_w; kx++) {
                double tap = taps[ky * op.kernel_w + kx];
                int shift = kx - op.pad;  // 0 <= ox stride + shift < x.width
                int first = shift < 0 ? (-shift + op.stride - 1) / op.stride : 0;
                int last = shift < x.width ? std::min(y.width, (x.width - 1 - shift) / op.stride + 1) : 0;
                for (int oy = 0; oy < y.height; oy++) {
                    int iy = oy * op.stride + ky - op.pad;
                    if (iy < 0 || iy >= x.height) continue;
                    const double* from = plane + int64_t{iy} * x.width + shift;
                    double* to = out + int64_t{oy} * y.width;
                    if (op.stride == 1)
                        for (int ox = first; ox < last; ox++) to[ox] += tap * from[ox];
                    else
                        for (int ox = first; ox < last; ox++) to[ox] += tap * from[int64_t{ox} * op.stride];
                }
            }
    }

    Values operator()(const Node& node, const BatchNormOp& op) const {
        Values weight = constant(op.weight_name), bias_of = constant(op.bias_name), mean = constant(op.mean_name);
        Values variance = constant(op.variance_name), result = in(node, 0);
        size_t plane = result.size() / node.type.channels;
        for (size_t i = 0; i < result.size(); i++) {
            size_t c = i / plane;
            result[i] = (result[i] - mean[c]) / std::sqrt(variance[c] + op.epsilon) * weight[c] + bias_of[c];
        }
        return activated(std::move(result), op.activation);
    }

    Values operator()(const Node& node, const ActivationOp& op) const { return activated(in(node, 0), op.kind); }

    Values operator()(const Node& node, const AddOp&) const {
        Values result = in(node, 0);
        accumulate(result, in(node, 1));
        return result;
    }
    Values operator()(const Node& node, const AddActivationOp& op) const {
        return finished(node, in(node, 0), op.activation);
    }

    // Each channel of a map or vector times its element of the gate.
    static Values scaled(Values values, const Values& gate) {
        size_t plane = values.size() / gate.size();
        for (size_t i = 0; i < values.size(); i++) values[i] *= gate[i / plane];
        return values;
    }
    Values operator()(const Node& node, const ScaleOp&) const { return scaled(in(node, 0), in(node, 1)); }
    Values operator()(const Node& node, const ScaleAddOp& op) const {
        return finished(node, scaled(in(node, 0), in(node, 1)), op.activation);
    }

    Values operator()(const Node& node, const GlobalAvgPoolOp&) const {
        const Values& x = in(node, 0);
        size_t plane = x.size() / node.type.channels;
        Values result;
        for (auto from = x.begin(); from != x.end(); from += plane)
            result.push_back(std::accumulate(from, from + plane, 0.0) / static_cast<double>(plane));
        return result;
    }

    Values operator()(const Node& node, const WindowMeansOp& op) const {
        Type x = type_in(node, 0);
        const Values& from = in(node, 0);
        Values result;
        for (int ky = 0; ky < op.kernel; ky++)
            for (int kx = 0; kx < op.kernel; kx++)
                for (int c = 0; c < x.channels; c++)
                    result.push_back(tap_mean(from.data() + int64_t{c} * x.height * x.width, x, op, ky, kx));
        return result;
    }

    // The mean of what the tap (ky, kx) sees of a plane: the sum of a convolution that is 1 there and 0 elsewhere, over
    // the number of its outputs.
    static double tap_mean(const double* plane, Type x, const WindowMeansOp& op, int ky, int kx) {
        double sum = 0;
        int height = x.height + 2 * op.pad - op.kernel + 1, width = x.width + 2 * op.pad - op.kernel + 1;
        for (int y = std::max(0, ky - op.pad); y < std::min(x.height, height + ky - op.pad); y++)
            for (int i = std::max(0, kx - op.pad); i < std::min(x.width, width + kx - op.pad); i++)
                sum += plane[int64_t{y} * x.width + i];
        return sum / (double(height) * width);
    }

    Values operator()(const Node& node, const MaxPoolOp& op) const {
        Type x = type_in(node, 0), y = node.type;
        const Values& from = in(node, 0);
        Values result;
        for (int c = 0; c < y.channels; c++)
            for (int oy = 0; oy < y.height; oy++)
                for (int ox = 0; ox < y.width; ox++) result.push_back(window_max(from, x, op, c, oy, ox));
        return result;
    }

    static double window_max(const Values& from, Type x, const MaxPoolOp& op, int c, int oy, int ox) {
        double largest = -std::numeric_limits<double>::infinity();
        int top = oy * op.stride - op.pad, left = ox * op.stride - op.pad;
        for (int iy = std::max(0, top); iy < std::min(x.height, top + op.kernel); iy++)
            for (int ix = std::max(0, left); ix < std::min(x.width, left + op.kernel); ix++)
                largest = std::max(largest, from[(int64_t{c} * x.height + iy) * x.width + ix]);
        return largest;
    }

    // activation(weight x + bias)
    Values dense(const Values& x, const std::string& weight_name, const std::string& bias_name, int count,
                 Activation activation) const {
        Values weight = constant(weight_name), result = bias(bias_name, count);
        for (int o = 0; o < count; o++)
            result[o] = std::inner_product(x.begin(), x.end(), weight.begin() + o * x.size(), result[o]);
        return activated(std::move(result), activation);
    }
    Values operator()(const Node& node, const LinearOp& op) const {
        return dense(in(node, 0), op.weight_name, op.bias_name, op.out_features, op.activation);
    }
    Values operator()(const Node& node, const ExciteOp& op) const {
        Values hidden = dense(in(node, 0), op.w1_name, op.b1_name, op.hidden, Activation::relu);
        return dense(hidden, op.w2_name, op.b2_name, node.type.channels, Activation::sigmoid);
    }
    template <class Operation>
    Values operator()(const Node&, const Operation&) const {
        static_assert(kHasCase<Operation>, "evaluate.cpp has no case for this operation");
        return {};
    }
};

constexpr int64_t kMaxValues = int64_t{1} << 29;  // of all nodes: 4 GiB

void check_size(const Graph& graph) {
    int64_t values = 0;
    for (const Node& node : graph.nodes)
        values += int64_t{node.type.channels} * std::max(1, node.type.height) * std::max(1, node.type.width);
    if (values > kMaxValues)
        throw Error(fmt::format("{} computes {} values an image, more than the evaluator's {}; give a smaller input",
                                graph.name, values, kMaxValues));
}

}  // namespace

std::vector<std::vector<double>> evaluate(const Graph& graph, const std::vector<double>& input) {
    return evaluate(graph, input, [](const Node&, std::vector<double>&) {});
}

std::vector<std::vector<double>> evaluate(const Graph& graph, const std::vector<double>& input,
                                          const ObserveValue& observe) {
    check_size(graph);
    Evaluator evaluator{graph, input, {}};
    for (const Node& node : graph.nodes) {
        evaluator.values.push_back(std::visit([&](const auto& op) { return evaluator(node, op); }, node.op));
        observe(node, evaluator.values.back());
    }
    return std::move(evaluator.values);
}

}  // namespace senetc
