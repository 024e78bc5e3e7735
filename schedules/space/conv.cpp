// Direct convolutions: tile_x by tile_y pixels of tile_k blocks are accumulators, and beside them registers hold a
// step's weights and a broadcast (schedules/hand/conv_*.cpp). AVX-512's FMA broadcasts from memory, so there the
// broadcast needs none. By lane (NEON) each pixel has a register, and two are for weights.
#include <fmt/format.h>

#include <algorithm>

#include "schedules/hand/lanes.h"
#include "schedules/hand/tiling.h"
#include "schedules/space/map_tiles.h"

namespace senetc::space {

namespace {

constexpr int kMaxRows = 4;  // of a tile; each has its own stream of input

int registers(const VariantInfo& variant, int pixels, int vectors, bool by_lane) {
    if (by_lane) return pixels * vectors + pixels + 2;
    return pixels * vectors + vectors + (variant.lanes == kBlock ? 0 : 1);
}

double cost(const MapShape& map, const MapTile& tile) {
    const double tiles = double(divide_up(map.width, tile.x)) * divide_up(map.height, tile.y);
    return tiles * step_cost(tile.x * tile.y, tile.vectors, tile.by_lane ? 1.0 / kQuad : 1) / tile.vectors;
}

bool can_be_by_lane(const Stage& stage, const VariantInfo& variant) {
    return variant.lanes == kQuad && stage.params.at("layout") == "blocked";
}

// All tiles of tile_c lanes by tile_k blocks that registers hold.
void append_tiles(const Stage& stage, const VariantInfo& variant, MapTile tile, std::vector<MapTile>& tiles) {
    const MapShape map = output_map(stage);
    tile.vectors = vectors_of(variant, tile.tile_c, tile.tile_k);
    for (tile.y = 1; tile.y <= std::min(map.height, kMaxRows); tile.y++) {
        for (tile.x = 1; tile.x <= map.width; tile.x++) {
            if (registers(variant, tile.x * tile.y, tile.vectors, tile.by_lane) > variant.registers) break;
            tile.cost = cost(map, tile);
            tiles.push_back(tile);
        }
    }
}

}  // namespace

std::vector<Schedule> conv_candidates(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options) {
    std::vector<MapTile> tiles;
    for (int by_lane = 0; by_lane <= int{can_be_by_lane(stage, variant)}; by_lane++) {
        MapTile tile;
        tile.by_lane = by_lane != 0;
        for (tile.tile_c = variant.lanes; tile.tile_c < kBlock; tile.tile_c *= 2)
            append_tiles(stage, variant, tile, tiles);
        for (const int tile_k : {1, 2, 4}) {
            tile.tile_k = tile_k;
            if (blocks(output_map(stage).channels) % tile_k == 0) append_tiles(stage, variant, tile, tiles);
        }
    }
    std::vector<Schedule> schedules;
    for (const MapTile& tile : near_the_best(tiles)) append_tasks(stage, variant, options, tile, schedules);
    return schedules;
}

std::string conv_rule(const Stage& stage, const VariantInfo& variant, const Schedule& s) {
    const bool by_lane = s.params.count("by_lane") != 0;
    const int pixels = s.number("tile_x") * s.number("tile_y"), tile_k = s.number("tile_k");
    const int needed = registers(variant, pixels, vectors_of(variant, s.number("tile_c"), tile_k), by_lane);
    return first_of(
        {unless(!by_lane || can_be_by_lane(stage, variant), "only NEON multiplies by lane, and a blocked input"),
         unless(tile_k == 1 || tile_k == 2 || tile_k == 4, "tile_k is 1, 2 or 4"), map_loops_rule(stage, variant, s),
         unless(needed <= variant.registers, fmt::format("it needs {} registers of {}", needed, variant.registers))});
}

}  // namespace senetc::space
