// The oracle: evaluates a graph naively, in double, one loop per formula. Slow and plain on purpose.
#pragma once

#include <functional>
#include <vector>

#include "models/graph/graph.h"

namespace senetc {

// input: [channels][height][width] of the graph's input node. Returns every node's value, row-major [c][h][w] or [c].
std::vector<std::vector<double>> evaluate(const Graph& graph, const std::vector<double>& input);

// The same; `observe` sees each value, in order, and may put another in its place, which later nodes read.
using ObserveValue = std::function<void(const Node& node, std::vector<double>& value)>;
std::vector<std::vector<double>> evaluate(const Graph& graph, const std::vector<double>& input,
                                          const ObserveValue& observe);

}  // namespace senetc
