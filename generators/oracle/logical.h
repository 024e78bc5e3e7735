// Stages' arguments as plain arrays: what they mean, without layouts.
#pragma once

#include <string>
#include <vector>

#include "generators/compiler/stage.h"

namespace senetc::oracle {

// Row-major: maps [channels, height, width], vectors [channels], weights as PyTorch has them.
struct Array {
    std::vector<int> shape;
    std::vector<double> values;

    Array() = default;
    explicit Array(std::vector<int> shape_);
    double at(int c, int y, int x) const { return values[static_cast<size_t>((c * shape[1] + y) * shape[2] + x)]; }
};

// By the argument's name; of sums by tile the argument's own extents are needed.
std::vector<int> logical_shape(const Stage& stage, const std::string& name);
std::vector<int> logical_shape(const Stage& stage, const Argument& argument);

// Elements of a vector that lie together; each run begins a block of its own. One run, but for vectors by window tap.
int run_length(const Stage& stage, const Argument& argument);

// What a map's producer stores beside it: sums by tile, of as many tiles as `shape` says. Floats, as stored.
Array tile_sums(const Array& map, const std::vector<int>& shape);

}  // namespace senetc::oracle
