// What all stages with map_loops share: tiles of pixels, bands of tiles, the axis of the tasks.
#pragma once

#include <string>
#include <vector>

#include "schedules/space/rules.h"

namespace senetc::space {

// A register tile: x by y pixels of `vectors` vectors, tile_c lanes by tile_k blocks.
struct MapTile {
    int x = 1, y = 1, tile_c = kBlock, tile_k = 1, vectors = 1;
    bool by_lane = false;
    double cost = 0;  // of the whole map, for each of its vectors
};

int vectors_of(const VariantInfo& variant, int tile_c, int tile_k);

// Those whose cost is near the best one's.
std::vector<MapTile> near_the_best(std::vector<MapTile> tiles);

// `tile` with every way of cutting it into tasks: bands of tiles, and channel blocks.
void append_tasks(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options, const MapTile& tile,
                  std::vector<Schedule>& schedules);

// Everything but the registers.
std::string map_loops_rule(const Stage& stage, const VariantInfo& variant, const Schedule& schedule);

}  // namespace senetc::space
