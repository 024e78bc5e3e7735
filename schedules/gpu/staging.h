// Staging: what the threads of a block read in common, copied into shared memory first.
//
// The block's threads take `stage_k` input blocks at a time, or with a window one row of its taps in one input block:
// together they copy the pixels and weights, 16 bytes a thread and consecutive ones consecutive, and meet; then each
// adds up its tile from the copies, in the order that it has without staging, so that sums have the same bits; and they
// meet again before the next copy. Between copies the accumulators stay in registers
// (generators/compiler/thread_registers.h). No block of threads may be partial: those at a map's end are shifted
// inwards.
//
// A thread's pixels are `tiles` apart, so those of neighbouring threads lie side by side. In shared memory a pixel has
// 20 floats for 16 channels: the four channels of eight neighbours, which threads of a warp read at once, are then in
// different ones of the 32 banks.
#pragma once

#include "schedules/gpu/staged_copy.h"
#include "schedules/gpu/thread_loops.h"

namespace senetc::gpu {

// The dimensions of a map, or of what is like one: lanes, pixels along a row, its rows in a tile, channel blocks, and
// those of one element in a block of threads.
struct StagedDims {
    Halide::Var c, p;
    std::vector<Halide::Var> rows;  // none, or one
    Halide::Var k;
    std::vector<Halide::Var> single;
};

struct StagedTile {
    BlockShape shape;
    int tile_p, tile_y, stage_k;
};

// Makes `f` a kernel, with a grid of: tiles along a row and channel blocks; `planes`; images. Returns the loop at which
// its accumulators are computed.
Halide::Var launch_staged(Halide::Func f, const StagedDims& dims, const StagedTile& tile,
                          const std::vector<Halide::Var>& planes, const Halide::Var& n);

// Accumulators `sum` of a block of threads: where they are, and their first definition.
void hold_for_block(Halide::Func sum, const StagedDims& dims, const StagedTile& tile);

// A definition of theirs that has no reduction.
void compute_for_block(Halide::Stage stage, const StagedDims& dims, const StagedTile& tile);

// An update over `taps`, the channel of 16 first and the input block last, which reads `pixels` and `weights`.
void accumulate_staged(Halide::Func sum, int update, const StagedDims& dims, const StagedTile& tile,
                       const Halide::Func& pixels, const Halide::Func& weights, const std::vector<Halide::RVar>& taps);

}  // namespace senetc::gpu
