#include "schedules/hand/tiling.h"

#include <algorithm>

namespace senetc {

namespace {

constexpr double kTileOverhead = 0.15;  // of a tile's start and end, in pixels
constexpr int kMaxTiles = 6;            // per group: each has code of its own

double cost_of(int width, int group, int tile, int busy) {
    const int full = group / tile, rest = group % tile;
    double cost = full * (std::max(tile, busy) + kTileOverhead);
    if (rest > 0) cost += std::max(rest, busy) + kTileOverhead;
    return cost * ((width + group - 1) / group);
}

}  // namespace

Tiling best_tiling(int width, int max_tile, int busy) {
    Tiling best;
    double best_cost = cost_of(width, best.group, best.tile, busy);
    for (int group = 1; group <= std::min(width, max_tile * kMaxTiles); group++) {
        for (int tile = std::min(group, max_tile); tile * kMaxTiles >= group && tile >= 1; tile--) {
            const double cost = cost_of(width, group, tile, busy);
            if (cost < best_cost - 1e-9) best = {group, tile}, best_cost = cost;
        }
    }
    return best;
}

}  // namespace senetc
