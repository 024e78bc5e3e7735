// A thread's accumulators, in registers for a whole reduction.
//
// A step is four input channels of one tap: 16-byte loads of each pixel's four channels and of the weights that they
// are multiplied with. A tile of 8 pixels by 8 output channels does 256 multiply-adds with 8 + 8 such loads, 4 bytes of
// L1 each; one of 4 by 8 does 128 with 4 + 8. Registers: docs/gpu-kernels.md.
#pragma once

#include <vector>

#include "schedules/handles.h"

namespace senetc::gpu {

// Dimensions of the accumulators, as a thread sees them.
struct TileDims {
    Halide::Var lane;
    std::vector<Halide::Var> tile;    // unrolled
    std::vector<Halide::Var> single;  // of one element
};

// Unrolls a definition of accumulators that has no reduction.
void unroll_tile(Halide::Stage stage, const TileDims& dims);

// Unrolls an update over `taps`, innermost first. `input`: what it reads, with the first tap, a channel of 16, as its
// first dimension. One without dimensions is planar: its first tap is a column of the window, and unrolled, so that
// pixels which columns share are loaded once.
void accumulate(Halide::Func sum, int update, const TileDims& dims, const Halide::Func& input,
                const std::vector<Halide::RVar>& taps);

}  // namespace senetc::gpu
