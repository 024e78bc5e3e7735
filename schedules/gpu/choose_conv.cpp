// Numbers of the convolutions. A thread has 4 lanes of one or two channel blocks by up to 8 pixels: 64 accumulators and
// 16 loads of 16 bytes for 256 multiplications, as much as L1 feeds the multipliers with (cost.cpp). Smaller tiles load
// more for each multiplication, larger ones leave SMs without work: one image of 512 channels at 7 x 7 has 448 such
// tiles, 14 warps for 132 SMs. So the reduction may be split, too.
//
// Winograd where the batch's multiplications count: 64 channels and more, not on maps of 3 x 3 and below, where most
// of a tile lies outside. Its intermediates cost two more launches and a pass through L2 each, which 2.25 (F(2 x 2)) or
// 4 times fewer multiplications must pay; of stride 2 only 1.44 times fewer, so that stays direct.
#include <algorithm>
#include <cmath>

#include "generators/stages/winograd_transforms.h"
#include "schedules/gpu/choose.h"
#include "schedules/gpu/cost.h"
#include "schedules/hand/choose.h"

namespace senetc::gpu {

namespace {

constexpr int kLanes = 4;  // 16 bytes
constexpr int kMostPixels = 8;
constexpr int kMostParts = 16;
constexpr double kLaunch = 3000;  // cycles: what a kernel more in a CUDA graph costs, about 2 us
constexpr int kThreadsOfPixel = kBlock / kLanes;

// Of a conv, and of the matrix products of Winograd's.
struct Problem {
    int channel_blocks, tile_k;
    double steps;               // of the whole reduction
    double loads_of_pixel = 1;  // in a step
    double copies = 1;          // of everything: the spectrum's elements

    TileWork work(int tiles, int pixels, int parts) const {
        const double threads = copies * tiles * kThreadsOfPixel * channel_blocks / tile_k * parts;
        return {threads, steps / parts, 4.0 * kLanes * tile_k * pixels, loads_of_pixel * pixels + 4.0 * tile_k};
    }
};

struct Tile {
    int x = 1, y = 1, parts = 1;
    double cost = HUGE_VAL;
};

Tile best_tile(const Problem& problem, int width, int height, int input_blocks) {
    Tile best;
    for (int parts = 1; parts <= std::min(input_blocks, kMostParts); parts++) {
        if (input_blocks % parts != 0) continue;
        for (int y = 1; y <= std::min(height, 2); y++) {
            for (int x = 1; x <= std::min(width, kMostPixels / y); x++) {
                const int tiles = divide_up(width, x) * divide_up(height, y);
                // The sums of the parts: a load for each.
                const double adding = parts > 1 ? kLaunch + parts * 2 * kLanes * x * y : 0;
                const double cost = mean_cycles(problem.work(tiles, x * y, parts)) + adding;
                if (cost < best.cost) best = {x, y, parts, cost};
            }
        }
    }
    return best;
}

// Threads of a block: up to 8 tiles by 4 groups of channel blocks along one long row; else a row's tiles.
void set_block(Schedule& s, const MapShape& map, int tile_x) {
    const bool by_rows = map.height > 1;
    const int tiles_x = divide_up(map.width, tile_x), groups = blocks(map.channels) / s.number("tile_k");
    const int most = kBlockThreads / kThreadsOfPixel;
    const int tiles = by_rows ? largest_divisor(tiles_x, most) : std::min(tiles_x, 8);
    s.params["block"] = tiles;
    s.params["block_k"] = largest_divisor(groups, std::max(1, most / tiles));
    s.params["by_rows"] = by_rows;
}

}  // namespace

Schedule choose_direct_conv(const Stage& stage) {
    const MapShape map = output_map(stage);
    const bool planar = stage.params.at("layout") == "planar";
    const int taps = stage.number("kernel_h") * stage.number("kernel_w");
    Problem problem{blocks(map.channels), blocks_per_row(map.channels), 0};
    problem.steps = (planar ? stage.number("ci") / 4.0 : blocks(stage.number("ci")) * 4.0) * taps;
    if (planar) problem.loads_of_pixel = 4;  // one channel each
    const int input_blocks = planar || has_shortcut(stage) ? 1 : blocks(stage.number("ci"));
    const Tile tile = best_tile(problem, map.width, map.height, input_blocks);
    Schedule s{"direct", {{"tile_c", kLanes}, {"tile_k", problem.tile_k}, {"tile_x", tile.x}, {"tile_y", tile.y}}};
    if (tile.parts > 1) s.params["part"] = input_blocks / tile.parts;
    set_block(s, map, tile.x);
    return s;
}

int choose_winograd_tile(const Stage& stage) {
    const MapShape map = output_map(stage);
    const int side = std::max(map.height, map.width);
    if (!winograd_fits(stage) || stage.number("stride") != 1 || side <= 3) return 0;
    if (stage.number("ci") * stage.number("co") < 64 * 64) return 0;
    return side <= 7 ? 2 : 4;
}

Schedule choose_winograd(const Stage& stage, int m) {
    const MapShape map = output_map(stage);
    const int stride = stage.number("stride"), elements = winograd_elements(m, stride);
    const int tiles_y = divide_up(map.height, m), tiles = divide_up(map.width, m) * tiles_y;
    Problem problem{blocks(map.channels), blocks_per_row(map.channels), blocks(stage.number("ci")) * 4.0};
    problem.copies = elements * elements;
    const Tile tile = best_tile(problem, tiles, 1, 1);
    Schedule s{"winograd", {{"m", m}, {"rows", tiles_y}, {"tile_c", kLanes}, {"tile_k", problem.tile_k}}};
    s.params["tile_p"] = tile.x;
    s.params["lanes"] = m == 2 && stride == 1 ? 4 : m == 6 ? 1 : 2;  // elements * elements * lanes registers, twice
    set_block(s, {map.channels, 1, tiles}, tile.x);
    s.params.erase("by_rows");
    return s;
}

}  // namespace senetc::gpu
