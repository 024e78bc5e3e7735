#include "models/graph/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/error.h"
#include "models/graph/ops.h"
#include "models/graph/types.h"

namespace senetc {
namespace {

void check_order(const Graph& graph, ValueId id) {
    const Node& node = graph.nodes[id];
    bool is_input = std::holds_alternative<InputOp>(node.op);
    if (is_input != (id == 0))
        throw Error(fmt::format("%{}: the first node, and no other, must be the input", node.name));
    for (ValueId input : node.inputs)
        if (input < 0 || input >= id) throw Error(fmt::format("%{}: an input isn't computed before it", node.name));
}

void check_type(const Graph& graph, const Node& node) {
    Type expected = infer_type(graph, node);
    if (node.type != expected)
        throw Error(fmt::format("%{}: has type {} where {} follows from its inputs", node.name, to_string(node.type),
                                to_string(expected)));
}

// Extents are at most kChannels or kKernel, of which no four overflow.
void check_constants(const Graph& graph, const Node& node, int64_t& weights, std::map<std::string, Shape>& shapes) {
    for (const ConstantUse& use : constants_of(graph, node)) {
        check_name(use.name);
        weights += element_count(use.shape);
        if (weights > kMaxWeights)
            throw Error(fmt::format("%{}: with @{} of shape {} the network has more than {} weights", node.name,
                                    use.name, to_string(use.shape), kMaxWeights));
        const auto& [name, shape] = *shapes.emplace(use.name, use.shape).first;
        if (shape != use.shape)
            throw Error(fmt::format("%{}: uses @{} as {}, and an earlier node as {}", node.name, name,
                                    to_string(use.shape), to_string(shape)));
        if (graph.constants.empty()) continue;  // not bound yet
        auto found = graph.constants.find(use.name);
        if (found == graph.constants.end())
            throw Error(fmt::format("%{}: its constant @{} isn't bound", node.name, use.name));
        if (found->second.shape() != use.shape)
            throw Error(fmt::format("%{}: @{} has shape {} where {} is needed", node.name, use.name,
                                    to_string(found->second.shape()), to_string(use.shape)));
    }
}

}  // namespace

void check_name(const std::string& name) {
    auto legal = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.' || c == '-' || c == '/'; };
    if (name.empty() || !std::all_of(name.begin(), name.end(), legal))
        throw Error(fmt::format("the name '{}' may have only letters, digits, '_', '.', '-' and '/'", name));
}

void verify(const Graph& graph) {
    check_name(graph.name);
    if (graph.nodes.empty()) throw Error(fmt::format("graph {} has no nodes", graph.name));
    std::set<std::string> names, stages;
    std::map<std::string, Shape> shapes;
    int64_t weights = 0;
    for (ValueId id = 0; id < static_cast<ValueId>(graph.nodes.size()); id++) {
        const Node& node = graph.nodes[id];
        check_name(node.name);
        if (!names.insert(node.name).second) throw Error(fmt::format("%{}: two nodes have this name", node.name));
        if (!node.stage.empty()) check_name(node.stage);
        if (!node.stage.empty() && !stages.insert(node.stage).second)
            throw Error(fmt::format("%{}: another node has its stage name {}", node.name, node.stage));
        check_order(graph, id);
        check_type(graph, node);
        check_constants(graph, node, weights, shapes);
    }
    if (graph.output < 0 || graph.output >= static_cast<ValueId>(graph.nodes.size()))
        throw Error(fmt::format("graph {} returns no value", graph.name));
}

}  // namespace senetc
