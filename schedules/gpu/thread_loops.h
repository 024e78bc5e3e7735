// The loop nest that every kernel over a blocked map shares, but those that stage (staging.h).
//
// A thread computes a tile: tile_x by tile_y pixels of tile_c lanes in tile_k channel blocks, all in registers. A block
// of threads has
//     x   16 / tile_c threads: together the 16 lanes of a pixel, which lie together in memory
//     y   `block` tiles of a row
//     z   block_k groups of tile_k channel blocks, which read the same pixels
// and the grid has rows of tiles (by_rows=1; blocks along a row then follow each other), or blocks along the row that a
// map without a halo is seen as; groups of channel blocks; and images. Nothing is fused, because Halide then loses the
// bounds of what map and sums share. No block knows of another, so results depend on neither their order nor the batch.
//
// A map that tiles don't divide is finished by tiles shifted inwards, which write some pixels twice, with equal bits;
// sums count them once. Sums are a second output of the same kernel (compute_with): one of their own would read the
// map again, and be one more launch.
#pragma once

#include <vector>

#include "schedules/handles.h"
#include "schedules/schedule.h"

namespace senetc::gpu {

struct ThreadLoops {
    Halide::Var ci{"ci"}, ct{"ct"}, ki{"ki"}, ko{"ko"}, kt{"kt"}, kb{"kb"}, pt{"pt"}, pb{"pb"};
};

// Of a thread: lanes and channel blocks; of a block of threads: tiles and groups of channel blocks.
struct BlockShape {
    int lanes, tile_k, tiles, groups;
    bool by_rows;
};
BlockShape block_shape(const Schedule& schedule);

// Makes `f`, a Func over (c, tx, ty, k, n) and the loops `inside` a tile, a kernel. What a thread needs for its tile is
// computed at loops.ct.
void launch(Halide::Func f, const std::vector<Halide::Var>& inside, const ThreadLoops& loops, const MapVars& v,
            const BlockShape& shape);

// Schedules a map, its sums or both in tiles, and returns the loop at which accumulators of out.leader() are computed.
Halide::Var map_loops(const MapOutputs& out, const MapVars& v, const Schedule& schedule);

}  // namespace senetc::gpu
