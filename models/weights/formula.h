// Weights and images by formula, so that tests and benchmarks need no weight file: SplitMix64 seeded with a tensor's
// name. docs/formula-weights.md says the formula exactly; running statistics of batch norms are 0 and 1 unless given.
#pragma once

#include <string>
#include <vector>

#include "models/graph/graph.h"

namespace senetc {

// Uniform in [0, 1): element i of the sequence of `name`, a multiple of 2^-24.
double formula_unit(const std::string& name, uint64_t index);
// Constants for every name that the graph wants; `statistics` may give running_mean and running_var.
Graph bind_formula_weights(Graph graph, const std::map<std::string, Tensor>& statistics = {});
// float [n][c][h][w]: noise on a wave that differs from image to image and channel to channel.
std::vector<float> formula_image(int n, int c, int h, int w);

}  // namespace senetc
