// Multiplying by a lane: AArch64's fmla takes one lane of a register as the factor for all of another. So a pixel's
// four input channels are one 128-bit load, and four steps of the reduction multiply by one lane each, where otherwise
// each step loads its own value: a tile of 6 pixels by 16 channels needs 14 load instructions for 96 multiplications
// instead of 32.
//
// These registers stay for four steps, so it is the weight vectors that come and go: pixels are innermost, and the
// vectors of a channel outside of them. 24 accumulators, 6 pixels and 2 weights are 32 registers; with the vectors
// innermost, LLVM spills.
#pragma once

#include <Halide.h>

#include <vector>

#include "generators/compiler/stage.h"

namespace senetc {

constexpr int kQuad = 4;

// Of a reduction whose first variable is the channel within a block.
inline bool reads_lanes(const Schedule& schedule, const std::vector<Halide::RVar>& reduction) {
    return schedule.params.count("by_lane") != 0 && !reduction.empty();
}

// Has `sum` read `input` (channel, column or tile, row or block, ...) in vectors of four channels, for each turn of
// `quad`.
inline void load_quads(Halide::Func input, const Halide::Func& sum, const Halide::RVar& quad) {
    Halide::Func pixels = input.in(sum);
    const std::vector<Halide::Var> v = pixels.args();
    pixels.compute_at(sum, quad).bound_extent(v[0], kQuad).vectorize(v[0]).unroll(v[1]).unroll(v[2]);
}

}  // namespace senetc
