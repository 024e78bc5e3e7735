#include "models/weights/bind.h"

#include <fmt/format.h>

#include <cmath>

#include "models/error.h"
#include "models/graph/types.h"

namespace senetc {
namespace {

std::string and_more(size_t count) {
    return count > 1 ? fmt::format(" (and {} more)", count - 1) : "";
}

bool is_ignored(const std::string& name, bool ignore_se) {
    return name.ends_with(".num_batches_tracked") || (ignore_se && name.find(".se.") != std::string::npos);
}

void check_missing(const Graph& graph, const std::map<std::string, Shape>& expected, const WeightFile& file) {
    std::vector<std::string> missing;
    for (const auto& [name, shape] : expected)
        if (!file.tensors.contains(name) && !file.others.contains(name)) missing.push_back(name);
    if (missing.empty()) return;
    throw Error(fmt::format("{}: tensor {} {}{} is missing, which {} needs; is the file another network's?", file.path,
                            missing[0], to_string(expected.at(missing[0])), and_more(missing.size()), graph.name));
}

void check_extra(const Graph& graph, const std::map<std::string, Shape>& expected, const WeightFile& file,
                 bool ignore_se) {
    std::vector<std::string> extra;
    auto look = [&](const std::string& name) {
        if (!expected.contains(name) && !is_ignored(name, ignore_se)) extra.push_back(name);
    };
    for (const auto& [name, tensor] : file.tensors) look(name);
    for (const auto& [name, dtype] : file.others) look(name);
    if (extra.empty()) return;
    throw Error(fmt::format("{}: {} has no place for tensor {}{}; is the file another network's?", file.path,
                            graph.name, extra[0], and_more(extra.size())));
}

const Tensor& checked_tensor(const Graph& graph, const std::string& name, const Shape& shape, const WeightFile& file) {
    auto other = file.others.find(name);
    if (other != file.others.end())
        throw Error(fmt::format("{}: tensor {} has dtype {} where F32, F16, BF16 or F64 is needed", file.path, name,
                                other->second));
    const Tensor& tensor = file.tensors.at(name);
    if (tensor.shape() != shape)
        throw Error(
            fmt::format("{}: tensor {} has shape {} where {} needs {}; do --classes and --reduction fit the file?",
                        file.path, name, to_string(tensor.shape()), graph.name, to_string(shape)));
    for (int64_t i = 0; i < tensor.size(); i++)
        if (!std::isfinite(tensor[i]))
            throw Error(fmt::format("{}: tensor {} has the value {} at index {}; every weight must be finite",
                                    file.path, name, tensor[i], i));
    return tensor;
}

// A negative variance can't come from training, and its square root would poison every value after it.
void check_variances(const Graph& graph, const WeightFile& file) {
    for (const Node& node : graph.nodes) {
        const auto* norm = std::get_if<BatchNormOp>(&node.op);
        if (!norm) continue;
        const Tensor& variance = graph.constants.at(norm->variance_name);
        for (int64_t i = 0; i < variance.size(); i++)
            if (variance[i] < 0)
                throw Error(fmt::format("{}: tensor {} has the value {} at index {}; a variance can't be negative",
                                        file.path, norm->variance_name, variance[i], i));
    }
}

}  // namespace

std::map<std::string, Shape> expected_constants(const Graph& graph) {
    std::map<std::string, Shape> expected;
    for (const Node& node : graph.nodes) {
        for (const ConstantUse& use : constants_of(graph, node)) expected.emplace(use.name, use.shape);
    }
    return expected;
}

Graph bind_weights(Graph graph, const WeightFile& file, bool ignore_se) {
    auto expected = expected_constants(graph);
    check_missing(graph, expected, file);
    for (const auto& [name, shape] : expected) graph.constants[name] = checked_tensor(graph, name, shape, file);
    check_extra(graph, expected, file, ignore_se);
    check_variances(graph, file);
    return graph;
}

}  // namespace senetc
