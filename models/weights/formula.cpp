#include "models/weights/formula.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "models/error.h"
#include "models/graph/types.h"

namespace senetc {
namespace {

uint64_t fnv1a64(const std::string& name) {
    uint64_t hash = 0xCBF29CE484222325;
    for (unsigned char byte : name) hash = (hash ^ byte) * 0x100000001B3;
    return hash;
}

// Output `index` of SplitMix64 with this seed: its top 24 bits as a fraction.
double unit(uint64_t seed, uint64_t index) {
    uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    z = z ^ (z >> 31);
    return static_cast<double>(z >> 40) / static_cast<double>(1 << 24);
}

struct Affine {
    double slope, offset;  // of u; each product and sum is rounded, as in numpy
    bool centred = false;  // (2u - 1) * slope
};

Affine rule_of(const ConstantUse& use, bool batch_norm) {
    if (batch_norm) return use.key == "weight" ? Affine{0.5, 0.75} : Affine{0.6, -0.3};
    if (use.shape.size() == 1) return {0.2, -0.1};
    double fan_in = static_cast<double>(element_count(use.shape) / use.shape[0]);
    return {std::sqrt(6 / fan_in), 0, true};
}

Tensor formula_tensor(const ConstantUse& use, bool batch_norm) {
    Affine rule = rule_of(use, batch_norm);
    uint64_t seed = fnv1a64(use.name);
    auto values = std::make_shared<std::vector<float>>(element_count(use.shape));
    for (size_t i = 0; i < values->size(); i++) {
        double u = unit(seed, i);
        (*values)[i] = static_cast<float>(rule.centred ? (2 * u - 1) * rule.slope : rule.slope * u + rule.offset);
    }
    return {use.shape, values, values->data()};
}

Tensor constant_tensor(const Shape& shape, double value) {
    return {shape, std::vector<double>(element_count(shape), value)};
}

const Tensor& checked_shape(const Tensor& tensor, const ConstantUse& use) {
    if (tensor.shape() == use.shape) return tensor;
    throw Error(fmt::format("the statistics' tensor {} has shape {} where {} is needed", use.name,
                            to_string(tensor.shape()), to_string(use.shape)));
}

}  // namespace

double formula_unit(const std::string& name, uint64_t index) {
    return unit(fnv1a64(name), index);
}

Graph bind_formula_weights(Graph graph, const std::map<std::string, Tensor>& statistics) {
    for (const Node& node : graph.nodes) {
        bool batch_norm = std::holds_alternative<BatchNormOp>(node.op);
        for (const ConstantUse& use : constants_of(graph, node)) {
            auto given = statistics.find(use.name);
            if (given != statistics.end())
                graph.constants[use.name] = checked_shape(given->second, use);
            else if (use.key == "mean" || use.key == "variance")
                graph.constants[use.name] = constant_tensor(use.shape, use.key == "mean" ? 0 : 1);
            else
                graph.constants[use.name] = formula_tensor(use, batch_norm);
        }
    }
    return graph;
}

std::vector<float> formula_image(int n, int c, int h, int w) {
    std::vector<float> image;
    image.reserve(int64_t{n} * c * h * w);
    uint64_t seed = fnv1a64("input");
    for (int i = 0; i < n; i++)
        for (int k = 0; k < c; k++)
            for (int y = 0; y < h; y++)
                for (int x = 0; x < w; x++) {
                    double turns = static_cast<double>((i + 1) * x) / w + static_cast<double>((k + 1) * y) / h;
                    double wave = std::sin(2 * std::numbers::pi * turns) + 0.5 * std::cos(i + k);
                    double noise = 2 * unit(seed, image.size()) - 1;
                    image.push_back(static_cast<float>(0.5 * noise + wave));
                }
    return image;
}

}  // namespace senetc
