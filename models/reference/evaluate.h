// The oracle: evaluates a graph naively, in double, one loop per formula. Slow and plain on purpose.
#pragma once

#include <vector>

#include "models/graph/graph.h"

namespace senetc {

// input: [channels][height][width] of the graph's input node. Returns every node's value, row-major [c][h][w] or [c].
std::vector<std::vector<double>> evaluate(const Graph& graph, const std::vector<double>& input);

}  // namespace senetc
