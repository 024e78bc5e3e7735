// How a map's pixels are cut into register tiles.
#pragma once

namespace senetc {

// A tile is tile_x by tile_y pixels. Tiles lie in groups of group_x by group_y pixels, whose last tiles may be smaller.
struct Tiling {
    int tile_x = 1, tile_y = 1, group_x = 1, group_y = 1;
    double cost = 0;  // of the map, in FMA slots per step of the reduction: vectors * pixels is the ideal
};

// The cheapest cut of a width x height map into tiles of at most `max_accumulators` accumulators, where a pixel has
// `vectors` of them.
Tiling best_tiling(int width, int height, int vectors, int max_accumulators);

}  // namespace senetc
