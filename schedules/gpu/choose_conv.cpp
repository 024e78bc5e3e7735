// Numbers of the convolutions. A thread has 4 lanes of one or two channel blocks by up to 8 pixels: 64 accumulators and
// 16 loads of 16 bytes for 256 multiplications, as much as L1 feeds the multipliers with (cost.cpp). Smaller tiles load
// more for each multiplication, larger ones leave SMs without work: one image of 512 channels at 7 x 7 has 448 such
// tiles, 14 warps for 132 SMs. So the reduction may be split, too.
//
// Staging (staging.h) has its cost beside the same kernel's without it, for every tile. What it costs: the copies'
// stores and loads, barriers, shared memory that fewer blocks of an SM share, and whole blocks of threads only. What it
// saves: pixels without bank conflicts, and waiting. The weights of a step lie in lines that no earlier step read, so
// each step waits for L2; a copy waits once for several. It isn't there for the planar image, nor for sums in the same
// kernel, which are of consecutive pixels.
//
// Winograd where the batch's multiplications count: 64 channels and more, not on maps of 3 x 3 and below, where most
// of a tile lies outside. Its intermediates cost two more launches and a pass through L2 each, which 2.25 (F(2 x 2)) or
// 4 times fewer multiplications must pay; of stride 2 only 1.44 times fewer, so that stays direct.
#include <algorithm>
#include <cmath>

#include "generators/stages/winograd_transforms.h"
#include "schedules/gpu/choose.h"
#include "schedules/gpu/cost.h"
#include "schedules/gpu/staged_copy.h"
#include "schedules/hand/choose.h"

namespace senetc::gpu {

namespace {

constexpr int kLanes = 4;  // 16 bytes
constexpr int kMostPixels = 8;
constexpr int kMostParts = 16;
constexpr int kMostTiles = 32;    // of a block of threads that stages
constexpr int kMostStaged = 4;    // input blocks at a time
constexpr double kLaunch = 3000;  // cycles: what a kernel more in a CUDA graph costs, about 2 us
constexpr int kThreadsOfPixel = kBlock / kLanes;
// Cycles that a load waits for, and a barrier.
constexpr double kFromL2 = 260, kFromShared = 30, kBarrier = 30;

struct Tile {
    int x = 1, y = 1, parts = 1, stage_k = 0;  // 0: not staged
    BlockThreads block{1, 1};
    double cost = HUGE_VAL;
};

// Of a conv, and of the matrix products of Winograd's.
struct Problem {
    MapShape map;
    int tile_k, input_blocks, shortcut_blocks = 0;
    int stride = 1, kernel_w = 1, kernel_h = 1;
    double steps = 0;           // of the whole reduction
    double loads_of_pixel = 1;  // in a step: one of four channels, or of the planar image's four of one
    double copies = 1;          // of everything: the spectrum's elements
    int most_parts = 1;
    bool stages = true;           // it may
    bool in_parts_alone = false;  // and then only where the reduction is split
    bool any_tiles = false;       // past the map's end are more

    int groups() const { return blocks(map.channels) / tile_k; }

    double work_blocks(const Tile& t) const {
        const int tiles_x = divide_up(map.width, t.x);
        return copies * divide_up(tiles_x, t.block.tiles) * divide_up(map.height, t.y) * groups() / t.block.groups *
               t.parts;
    }

    TileWork work(const Tile& t) const {
        const int pixels = t.x * t.y;
        const double pixel_loads = loads_of_pixel * pixels, weight_loads = kLanes * tile_k;
        TileWork w;
        w.blocks = work_blocks(t), w.warps_of_block = t.block.warps(), w.steps = steps / t.parts;
        w.multiplications = 4.0 * kLanes * tile_k * pixels;
        w.loads = pixel_loads + weight_loads;
        const bool staged = t.stage_k != 0;
        const int apart = staged ? kStagedPixel / 4 * stride : loads_of_pixel > 1 ? 1 : kThreadsOfPixel * stride * t.x;
        w.l1_cycles =
            pixel_loads * pixel_load_cycles(t.block, apart, staged) + weight_loads * weight_load_cycles(t.block);
        const StagedCopy copy =
            staged_copy(t.x, t.y, t.block.tiles, t.block.groups * tile_k, std::max(t.stage_k, 1), stride, kernel_w);
        const double steps_of_copy = 4.0 * kernel_w * std::max(t.stage_k, 1);
        w.l2_bytes = 16.0 * copy.loads() / steps_of_copy / t.block.warps();
        w.waiting = kFromL2;
        if (staged) {
            const double loads = std::ceil(static_cast<double>(copy.loads()) / t.block.threads());
            w.loads += 2 * loads / steps_of_copy;  // and stores
            w.l1_cycles += 2 * kRegisterCycles * loads / steps_of_copy;
            w.waiting = kFromShared + (kFromL2 + 2 * kBarrier) / steps_of_copy;
            w.resident = resident_warps(t.block, copy.bytes());
        }
        return w;
    }

    // The sums of the parts: a load for each.
    double adding(const Tile& t) const { return t.parts > 1 ? kLaunch + t.parts * 2 * kLanes * t.x * t.y : 0; }

    void compare(Tile& best, Tile tile) const {
        tile.cost = mean_cycles(work(tile)) + adding(tile);
        if (tile.cost < best.cost) best = tile;
    }

    // Up to 8 tiles by 4 groups of channel blocks along one long row; else a row's tiles.
    BlockThreads plain_block(const Tile& t) const {
        const int tiles_x = divide_up(map.width, t.x), most = kBlockThreads / kThreadsOfPixel;
        const int tiles = map.height > 1 ? largest_divisor(tiles_x, most) : std::min(tiles_x, 8);
        return {tiles, largest_divisor(groups(), std::max(1, most / tiles))};
    }

    void compare_staged(Tile& best, Tile tile) const {
        const int most = kernel_w * kernel_h == 1 ? kMostStaged : 1;
        for (tile.stage_k = 1; tile.stage_k <= most; tile.stage_k++) {
            if (input_blocks / tile.parts % tile.stage_k != 0 || shortcut_blocks % tile.stage_k != 0) continue;
            for (int tiles = 1; tiles <= kMostTiles && (any_tiles || tiles * tile.x <= map.width); tiles++) {
                for (int groups = 1; groups <= this->groups(); groups++) {
                    tile.block = {tiles, groups};
                    if (tile.block.threads() > kBlockThreads || this->groups() % groups != 0) continue;
                    const StagedCopy copy =
                        staged_copy(tile.x, tile.y, tiles, groups * tile_k, tile.stage_k, stride, kernel_w);
                    if (copy.bytes() <= kSharedBytes) compare(best, tile);
                }
            }
        }
    }

    Tile best() const {
        Tile best;
        for (int parts = 1; parts <= std::min(input_blocks, most_parts); parts++) {
            if (input_blocks % parts != 0) continue;
            for (int y = 1; y <= std::min(map.height, 2); y++) {
                // Not of one column and two rows: sums of such tiles, shifted at the map's end, don't stay in
                // registers.
                for (int x = y; x <= std::min(map.width, kMostPixels / y); x++) {
                    Tile tile{x, y, parts};
                    tile.block = plain_block(tile);
                    compare(best, tile);
                    if (stages && (parts > 1 || !in_parts_alone)) compare_staged(best, tile);
                }
            }
        }
        return best;
    }
};

void set_block(Schedule& s, const Tile& tile) {
    s.params["block"] = tile.block.tiles;
    s.params["block_k"] = tile.block.groups;
    if (tile.stage_k != 0) s.params["stage_k"] = tile.stage_k;
}

}  // namespace

Schedule choose_direct_conv(const Stage& stage) {
    const MapShape map = output_map(stage);
    const bool planar = stage.params.at("layout") == "planar";
    const int input_blocks = planar ? 1 : blocks(stage.number("ci"));
    Problem problem{map, blocks_per_row(map.channels), input_blocks};
    problem.stride = largest_stride(stage);
    problem.kernel_w = stage.number("kernel_w"), problem.kernel_h = stage.number("kernel_h");
    const int taps = problem.kernel_h * problem.kernel_w;
    problem.steps = (planar ? stage.number("ci") / 4.0 : input_blocks * 4.0) * taps;
    if (has_shortcut(stage)) {
        problem.shortcut_blocks = blocks(stage.number("shortcut_ci"));
        problem.steps += problem.shortcut_blocks * 4.0;
    }
    if (planar) problem.loads_of_pixel = 4;  // one channel each
    if (!planar && !has_shortcut(stage)) problem.most_parts = kMostParts;
    problem.stages = !planar && !(has_sums(stage) && has_shortcut(stage));
    problem.in_parts_alone = has_sums(stage);
    const Tile tile = problem.best();
    Schedule s{"direct", {{"tile_c", kLanes}, {"tile_k", problem.tile_k}, {"tile_x", tile.x}, {"tile_y", tile.y}}};
    if (tile.parts > 1) s.params["part"] = input_blocks / tile.parts;
    s.params["by_rows"] = map.height > 1;
    set_block(s, tile);
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
    const int input_blocks = blocks(stage.number("ci"));
    Problem problem{{map.channels, 1, tiles}, blocks_per_row(map.channels), input_blocks};
    problem.steps = input_blocks * 4.0;
    problem.copies = elements * elements;
    problem.any_tiles = true;
    const Tile tile = problem.best();
    Schedule s{"winograd", {{"m", m}, {"rows", tiles_y}, {"tile_c", kLanes}, {"tile_k", problem.tile_k}}};
    s.params["tile_p"] = tile.x;
    s.params["lanes"] = m == 2 && stride == 1 ? 4 : m == 6 ? 1 : 2;  // elements * elements * lanes registers, twice
    set_block(s, tile);
    return s;
}

}  // namespace senetc::gpu
