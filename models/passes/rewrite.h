// What the passes share. A rewrite puts the fused node where the last of the fused ones was, so that ids and the order
// of evaluation hold; the others are erased.
#pragma once

#include <string>
#include <vector>

#include "models/graph/graph.h"

namespace senetc {

// For each value the number of times that a node takes it as an input, the network's output counted as one.
std::vector<int> use_counts(const Graph& graph);

// One use of a value: which node takes it, and as which of its inputs.
struct Use {
    ValueId node;
    int position;
};
// The uses of every value, in order. The network's output isn't among them.
std::vector<std::vector<Use>> uses_of(const Graph& graph);

// Nodes that can vanish into their only user: used once and without a public stage name.
class Fusible {
  public:
    explicit Fusible(const Graph& graph) : graph_(graph), uses_(use_counts(graph)) {}

    bool vanishes(ValueId value) const { return uses_[value] == 1 && graph_.nodes[value].stage.empty(); }
    // The op that computes `value` if it is an O and can vanish; else nullptr.
    template <class O>
    const O* get(ValueId value) const {
        return vanishes(value) ? std::get_if<O>(&graph_.nodes[value].op) : nullptr;
    }

  private:
    const Graph& graph_;
    std::vector<int> uses_;
};

// A dense convolution with nothing but its bias: no activation, gate or residual.
bool is_linear_dense(const Node& node);

// Whether a gate leaves the value of this scale through all its users: each is a global_avg_pool, or a depthwise
// convolution that has no gate yet and reads the value as its map (commute_gate.cpp). Stage names aren't looked at.
bool gate_commutes(const Graph& graph, const std::vector<std::vector<Use>>& uses, ValueId scale);

// Whether the kernel that computes the value, once everything is fused, can also collect its sums: a convolution, a
// scale or an addition, or an activation that goes into one.
bool can_collect_sums(const Graph& graph, const Fusible& fusible, ValueId value);

// Graph minus the nodes marked in `erased`, which no other node may use, and minus the constants that no node names.
Graph erase_nodes(Graph graph, const std::vector<bool>& erased);

// The op's activation, or nullptr when it has none to set.
Activation* activation_of(Op& op);

// `wanted`, or with .2, .3, ... after it if a constant has that name already.
std::string fresh_constant(const Graph& graph, const std::string& wanted);

}  // namespace senetc
