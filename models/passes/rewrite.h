// What the passes share. A rewrite puts the fused node where the last of the fused ones was, so that ids and the order
// of evaluation hold; the others are erased.
#pragma once

#include <string>
#include <vector>

#include "models/graph/graph.h"

namespace senetc {

// For each value the number of times that a node takes it as an input, the network's output counted as one.
std::vector<int> use_counts(const Graph& graph);

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

// Graph minus the nodes marked in `erased`, which no other node may use, and minus the constants that no node names.
Graph erase_nodes(Graph graph, const std::vector<bool>& erased);

// The op's activation, or nullptr when it has none to set.
Activation* activation_of(Op& op);

// `wanted`, or with .2, .3, ... after it if a constant has that name already.
std::string fresh_constant(const Graph& graph, const std::string& wanted);

}  // namespace senetc
