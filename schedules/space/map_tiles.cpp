#include "schedules/space/map_tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "schedules/hand/map_loops.h"
#include "schedules/schedules.h"

namespace senetc::space {

namespace {

struct Tiles {
    int x, y;
    bool one_row() const { return y == 1; }
    int cut() const { return one_row() ? x : y; }  // as hand: bands lie along the rows, or along the only one
};

Tiles tiles_of(const Stage& stage, int tile_x, int tile_y) {
    const MapShape map = output_map(stage);
    return {divide_up(map.width, tile_x), divide_up(map.height, tile_y)};
}

Schedule with_tile(const VariantInfo& variant, const MapTile& tile) {
    Schedule schedule{"direct",
                      {{"lanes", variant.lanes},
                       {"tile_c", tile.tile_c},
                       {"tile_k", tile.tile_k},
                       {"tile_x", tile.x},
                       {"tile_y", tile.y}}};
    if (tile.by_lane) schedule.params["by_lane"] = 1;
    return schedule;
}

// Every task along blocks reads the whole input: it should stay in L2, or be less to read than the weights.
std::string blocks_rule(const Stage& stage, const Schedule& s, const Tiles& tiles) {
    const int64_t input = storage_bytes(stage, s, Role::input), weights = storage_bytes(stage, s, Role::parameter);
    return first_of(
        {unless(s.number("band_x") == tiles.x && s.number("band_y") == tiles.y,
                "tasks along blocks take the whole map"),
         unless(input <= kL2 || weights > input,
                fmt::format("each block's task would read {} KB of input, which L2 doesn't hold", input >> 10))});
}

bool overlap(const Stage& stage, const Schedule& s, const Tiles& tiles, int band) {
    const MapShape map = output_map(stage);
    return tiles.one_row() ? bands_overlap(map.width, s.number("tile_x"), band)
                           : bands_overlap(map.height, s.number("tile_y"), band);
}

std::string bands_rule(const Stage& stage, const Schedule& s, const Tiles& tiles) {
    const int band = tiles.one_row() ? s.number("band_x") : s.number("band_y");
    const int64_t input = storage_bytes(stage, s, Role::input) * band / tiles.cut();
    const bool one_pass = blocks(output_map(stage).channels) == s.number("tile_k") || stage.generator != "conv";
    return first_of(
        {unless(band >= 1 && band <= tiles.cut(), fmt::format("a band of {} of {} tiles", band, tiles.cut())),
         unless(tiles.one_row() ? s.number("band_y") == 1 : s.number("band_x") == tiles.x,
                "bands are of whole rows of tiles"),
         unless(!has_sums(stage) || tiles.cut() % band == 0, "where sums are collected all bands have one size"),
         unless(!bands_must_not_overlap(stage) || s.number("axis") != kBands || !overlap(stage, s, tiles, band),
                "the last band is a tile that is shifted over the band before"),
         unless(band == 1 || one_pass || input <= kL2,
                fmt::format("a band's {} KB of input don't stay in L2 for all output blocks", input >> 10))});
}

}  // namespace

int vectors_of(const VariantInfo& variant, int tile_c, int tile_k) {
    return tile_c / variant.lanes * tile_k;
}

std::vector<MapTile> near_the_best(std::vector<MapTile> tiles) {
    double best = HUGE_VAL;
    for (const MapTile& tile : tiles) best = std::min(best, tile.cost);
    std::erase_if(tiles, [&](const MapTile& tile) { return tile.cost > kWorstTile * best; });
    return tiles;
}

void append_tasks(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options, const MapTile& tile,
                  std::vector<Schedule>& schedules) {
    const Schedule hand = choose_schedule(stage, variant.name);
    const Tiles tiles = tiles_of(stage, tile.x, tile.y);
    Schedule schedule = with_tile(variant, tile);
    const auto append = [&](int axis, int band, int images_inside) {
        schedule.params["axis"] = axis;
        schedule.params["band_x"] = tiles.one_row() && axis != kBlocks ? band : tiles.x;
        schedule.params["band_y"] = tiles.one_row() ? 1 : axis == kBlocks ? tiles.y : band;
        schedule.params["images_inside"] = images_inside;
        schedules.push_back(schedule);
    };
    const bool shared = hand.number("axis") >= kBands;  // also where hand is Winograd's
    for (const int band : part_sizes(tiles.cut())) append(shared ? int{kBands} : hand.number("axis"), band, 0);
    if (!shared || stage.generator != "conv") return;
    // With one image it makes no difference which loop is inside.
    if (options.batch > 1) append(kBlocks, tiles.cut(), 0);
    append(kBlocks, tiles.cut(), 1);
}

std::string map_loops_rule(const Stage& stage, const VariantInfo& variant, const Schedule& s) {
    const MapShape map = output_map(stage);
    const int tile_c = s.number("tile_c"), tile_k = s.number("tile_k"), x = s.number("tile_x"), y = s.number("tile_y");
    const std::string shape = first_of(
        {unless(s.number("lanes") == variant.lanes,
                fmt::format("a vector of {} has {} lanes", variant.name, variant.lanes)),
         unless(tile_c >= variant.lanes && tile_c <= kBlock && tile_c % variant.lanes == 0 && kBlock % tile_c == 0,
                fmt::format("tile_c={} are no whole vectors of a block", tile_c)),
         unless(tile_k >= 1 && blocks(map.channels) % tile_k == 0,
                fmt::format("tile_k={} does not divide {} blocks", tile_k, blocks(map.channels))),
         unless(tile_k == 1 || tile_c == kBlock, "several blocks are whole ones"),
         unless(x >= 1 && x <= map.width && y >= 1 && y <= map.height,
                fmt::format("a tile of {} x {} is larger than the map of {} x {}", x, y, map.width, map.height)),
         task_rule(stage, variant, s)});
    if (!shape.empty()) return shape;
    const Tiles tiles = tiles_of(stage, x, y);
    return s.number("axis") == kBlocks ? blocks_rule(stage, s, tiles) : bands_rule(stage, s, tiles);
}

}  // namespace senetc::space
