// Depthwise convolutions, pools and elementwise stages: bound by memory. A tile only has to keep loads in flight, so it
// has at least four vectors where the map allows; taller ones read a window's rows less often. Its vectors are
// accumulators, and two registers are for what is read.
#include <fmt/format.h>

#include <algorithm>

#include "schedules/space/map_tiles.h"

namespace senetc::space {

namespace {

constexpr int kMaxPixels = 14, kMaxRows = 4, kFewVectors = 4;
constexpr int kBeside = 2;  // registers

// Pixels computed, those of shifted tiles twice; small tiles by how much of their loads' latency shows.
double cost(const MapShape& map, const MapTile& tile) {
    const double tiles = double(divide_up(map.width, tile.x)) * divide_up(map.height, tile.y);
    return tiles * std::max(tile.x * tile.y, divide_up(kFewVectors, tile.vectors));
}

// Rows are shared by a window alone.
int most_rows(const Stage& stage) {
    return stage.params.count("kernel") != 0 ? kMaxRows : 1;
}

}  // namespace

std::vector<Schedule> map_candidates(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options) {
    const MapShape map = output_map(stage);
    std::vector<MapTile> tiles;
    MapTile tile;
    for (tile.tile_c = variant.lanes; tile.tile_c <= kBlock; tile.tile_c *= 2) {
        tile.vectors = vectors_of(variant, tile.tile_c, 1);
        for (tile.y = 1; tile.y <= std::min(map.height, most_rows(stage)); tile.y++) {
            for (tile.x = 1; tile.x <= map.width && tile.x * tile.y <= kMaxPixels; tile.x++) {
                if (tile.x * tile.y * tile.vectors + kBeside > variant.registers) break;
                tile.cost = cost(map, tile);
                tiles.push_back(tile);
            }
        }
    }
    std::vector<Schedule> schedules;
    for (const MapTile& near : near_the_best(tiles)) append_tasks(stage, variant, options, near, schedules);
    return schedules;
}

std::string map_rule(const Stage& stage, const VariantInfo& variant, const Schedule& s) {
    const int vectors = vectors_of(variant, s.number("tile_c"), 1) * s.number("tile_x") * s.number("tile_y");
    return first_of({map_loops_rule(stage, variant, s), unless(s.number("tile_k") == 1, "tile_k is 1"),
                     unless(vectors + kBeside <= variant.registers,
                            fmt::format("a tile of {} vectors, of {} registers", vectors, variant.registers))});
}

}  // namespace senetc::space
