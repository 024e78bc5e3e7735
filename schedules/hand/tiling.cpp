#include "schedules/hand/tiling.h"

#include <algorithm>
#include <cmath>

#include "generators/compiler/stage.h"

namespace senetc {

namespace {

constexpr int kMaxRows = 4;
constexpr double kLatencySlots = 8;    // two FMAs a cycle, four cycles each
constexpr double kTileOverhead = 0.2;  // a tile's start and end, spread over its reduction
constexpr double kRowOverhead =
    0.02;  // per row of a tile beyond the first: one row streams better, the rest being equal

}  // namespace

// `pixels` broadcasts and `vectors` weights are loaded (two
// a cycle on Zen 4 and Neoverse N1) and pixels * vectors FMAs are done; fewer than kLatencySlots wait for each other.
// The smooth maximum of the three fits what tiles of 2 to 14 accumulators measured, within 3 %.
double step_cost(int pixels, int vectors, double pixel_loads) {
    const double power = 5;
    return std::pow(std::pow(pixels * vectors, power) + std::pow(pixels * pixel_loads + vectors, power) +
                        std::pow(kLatencySlots, power),
                    1 / power);
}

Tile best_tile(int width, int height, int vectors, int max_accumulators, double pixel_loads) {
    Tile best{1, 1, HUGE_VAL};
    const int max_pixels = max_accumulators / vectors;
    for (int y = 1; y <= std::min({height, kMaxRows, max_pixels}); y++) {
        for (int x = std::min(width, max_pixels / y); x >= 1; x--) {
            const double tiles = divide_up(width, x) * divide_up(height, y);
            const double cost =
                tiles * (kTileOverhead + step_cost(x * y, vectors, pixel_loads)) * (1 + kRowOverhead * (y - 1));
            if (cost < best.cost - 1e-9) best = {x, y, cost};
        }
    }
    return best;
}

}  // namespace senetc
