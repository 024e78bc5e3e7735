#include "schedules/hand/tiling.h"

#include <algorithm>
#include <cmath>

namespace senetc {

namespace {

constexpr int kMaxTiles = 10;          // per group: each has code of its own
constexpr double kLatencySlots = 8;    // two FMAs a cycle, four cycles each
constexpr double kTileOverhead = 0.2;  // a tile's start and end, spread over its reduction
constexpr double kRowOverhead =
    0.02;  // per row of a tile beyond the first: one row streams better, the rest being equal

// One step of one tile's reduction, in slots of half a cycle: `pixels` broadcasts and `vectors` weights are loaded (two
// a cycle on Zen 4) and pixels * vectors FMAs are done; fewer than kLatencySlots wait for each other. The smooth
// maximum of the three fits what tiles of 2 to 14 accumulators measured, within 3 %.
double step_cost(int pixels, int vectors) {
    const double power = 5;
    return std::pow(
        std::pow(pixels * vectors, power) + std::pow(pixels + vectors, power) + std::pow(kLatencySlots, power),
        1 / power);
}

// One dimension of a group: `full` tiles, then one of `rest` pixels.
struct Cut {
    int full, rest;
    int tiles() const { return full + (rest > 0 ? 1 : 0); }
};

double group_cost(const Tiling& t, int vectors) {
    const Cut x{t.group_x / t.tile_x, t.group_x % t.tile_x}, y{t.group_y / t.tile_y, t.group_y % t.tile_y};
    if (x.tiles() * y.tiles() > kMaxTiles) return HUGE_VAL;
    double cost = kTileOverhead * x.tiles() * y.tiles() + x.full * y.full * step_cost(t.tile_x * t.tile_y, vectors);
    if (x.rest > 0) cost += y.full * step_cost(x.rest * t.tile_y, vectors);
    if (y.rest > 0) cost += x.full * step_cost(t.tile_x * y.rest, vectors);
    if (x.rest > 0 && y.rest > 0) cost += step_cost(x.rest * y.rest, vectors);
    return cost;
}

int divide_up(int a, int b) {
    return (a + b - 1) / b;
}

}  // namespace

Tiling best_tiling(int width, int height, int vectors, int max_accumulators) {
    Tiling best;
    best.cost = HUGE_VAL;
    const int max_pixels = max_accumulators / vectors;
    for (int tile_y = 1; tile_y <= std::min(height, 4); tile_y++) {
        // More rows than a tile in one group only where no tile height divides the map.
        for (int group_y : {tile_y, height}) {
            for (int tile_x = std::min(width, max_pixels / tile_y); tile_x >= 1; tile_x--) {
                for (int group_x = tile_x; group_x <= std::min(width, tile_x * kMaxTiles); group_x++) {
                    Tiling t{tile_x, tile_y, group_x, group_y, 0};
                    t.cost = group_cost(t, vectors) * divide_up(width, group_x) * divide_up(height, group_y) *
                             (1 + kRowOverhead * (tile_y - 1));
                    if (t.cost < best.cost - 1e-9) best = t;
                }
            }
        }
    }
    return best;
}

}  // namespace senetc
