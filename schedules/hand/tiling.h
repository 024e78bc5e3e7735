// How a row of pixels is cut into register tiles.
#pragma once

namespace senetc {

struct Tiling {
    int group = 1;  // pixels whose tiles are unrolled together
    int tile = 1;   // pixels per tile; a group's last tile may be narrower
};

// The cheapest cut of `width` pixels into tiles of at most `max_tile`. A tile narrower than `busy` pixels has too few
// independent accumulators to hide an FMA's latency and costs as much as one of `busy`; pixels computed twice, because
// no group divides the width, cost too. Among equals the smaller group is taken: less code.
Tiling best_tiling(int width, int max_tile, int busy);

}  // namespace senetc
