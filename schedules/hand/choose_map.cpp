// Depthwise conv, pooling and elementwise stages: bound by memory, so a tile only has to be wide enough to keep loads
// in flight: up to 7 pixels of one vector. A depthwise window of 3 x 3 holds its 9 weights in registers and 7
// accumulators beside them: 16, all that AVX2 has, so there a tile is 8 lanes.
//
// Measured, one core of a busy Sapphire Rapids virtual machine: depthwise 3 x 3 at 28 x 28 and below 101-108 GFLOP/s
// with AVX-512 and 60-67 with AVX2 (48-64 and 30-41 GB/s); maps beyond L2 run at the 25-30 GB/s of its memory, like
// pooling and scale_add. Zen 4, warm: 113-116 GFLOP/s, 96-98 % of FMA peak.
#include "schedules/hand/choose.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

Schedule choose_map(const Stage& stage, const VariantInfo& variant) {
    const int lanes = variant.lanes;
    const MapShape map = output_map(stage);
    const int64_t elements = int64_t{map.width} * map.height * blocks(map.channels) * kBlock;
    const int taps = stage.params.count("kernel") != 0 ? stage.number("kernel") * stage.number("kernel") : 1;
    const Tile tile = best_tile(map.width, 1, 1, 7);
    return with_tasks(stage, elements * (2 * taps + 8), map_schedule(tile, lanes, lanes, 1));
}

}  // namespace senetc
