// Stages on plain arrays: what their arguments mean, and a naive evaluation in double.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generators/compiler/stage.h"

namespace senetc::test {

// Row-major: maps [channels, height, width], vectors [channels], weights as PyTorch has them.
struct Array {
    std::vector<int> shape;
    std::vector<double> values;

    Array() = default;
    explicit Array(std::vector<int> shape_);
    double at(int c, int y, int x) const { return values[static_cast<size_t>((c * shape[1] + y) * shape[2] + x)]; }
};

std::vector<int> logical_shape(const Stage& stage, const Argument& argument);

// Elements of a vector that lie together; each run begins a block of its own. One run, but for vectors by window tap.
int run_length(const Stage& stage, const Argument& argument);

// What a map's producer stores beside it: sums by tile, of as many tiles as `shape` says. Floats, as stored.
Array tile_sums(const Array& map, const std::vector<int>& shape);

// `bound`: how far float arithmetic in any order may be from each value.
struct Expected {
    Array value, bound;
};
// The outputs by name. The schedule matters for what sums cover, and for the bounds of Winograd's arithmetic.
std::map<std::string, Expected> evaluate(const Stage& stage, const Schedule& schedule,
                                         const std::map<std::string, Array>& arguments);

}  // namespace senetc::test
