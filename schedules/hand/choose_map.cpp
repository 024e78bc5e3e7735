// Depthwise conv, pooling and elementwise stages: bound by memory, so a tile only has to be wide enough to keep loads
// in flight: up to 7 pixels of one vector.
#include "schedules/hand/choose.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

Schedule choose_map(const Stage& stage, int lanes) {
    const OutputShape shape = output_shape(stage);
    const Tiling tiling = best_tiling(shape.width, 1, 1, 7);
    const int64_t elements = int64_t{shape.width} * shape.height * shape.blocks * kBlock;
    const int taps = stage.params.count("kernel") != 0 ? stage.number("kernel") * stage.number("kernel") : 1;
    return with_tasks(stage, elements * (2 * taps + 8), map_schedule(tiling, lanes, lanes, 1));
}

}  // namespace senetc
