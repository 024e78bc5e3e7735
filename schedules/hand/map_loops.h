// The loop nest that every stage with a blocked map as its result shares.
//
// A tile is tile_x by tile_y pixels of tile_c lanes in tile_k channel blocks, unrolled, in vectors of `lanes`. A map
// that tiles do not divide is finished by tiles shifted inwards, which compute some pixels twice; sums count them once.
//
// Tasks, the unit of parallelism, lie along one axis: images, bands of band_x by band_y tiles, or channel blocks. Tasks
// never add to each other's results, so results depend on neither threads nor batch.
//
// Sums are a second output of the same loops (compute_with). That is why no loops are fused: Halide then loses the
// bounds of what both outputs share. Measured, 3 x 3, 64 channels, 56 x 56: 1.677 ms with sums, 1.673 without.
#pragma once

#include "generators/compiler/stage.h"
#include "schedules/handles.h"

namespace senetc {

enum Axis { kSerial = 0, kImages = 1, kBands = 2, kBlocks = 3 };

// Schedules the outputs and returns the loop over tiles, at which accumulators of out.leader() are computed.
//
// Numbers used: lanes, tile_c, tile_k, tile_x, tile_y, band_x, band_y, axis, and images_inside (1: a channel block
// takes all images in turn, so its weights are read once; 0: images follow each other).
Halide::Var map_loops(const MapOutputs& out, const MapVars& v, const Schedule& schedule);

// Whether bands of `band` tiles end with one that is nothing but a tile shifted over the band before: two tasks then
// compute the same pixels, at different places of a tile.
inline bool bands_overlap(int extent, int tile, int band) {
    return extent % tile != 0 && extent > tile && (divide_up(extent, tile) - 1) % band == 0;
}

// Whether that must not be. A depthwise window is written out as one expression, which LLVM may add up in another order
// at another place; sums that loops collect are added up in the loops' order everywhere.
inline bool bands_must_not_overlap(const Stage& stage) {
    return stage.generator == "depthwise_conv";
}

}  // namespace senetc
