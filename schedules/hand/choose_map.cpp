#include "schedules/hand/choose.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

Schedule choose_map(const Stage& stage, int lanes) {
    const OutputShape shape = output_shape(stage);
    const Tiling tiling = best_tiling(shape.width, 7, 4);
    Schedule schedule{"hand", {{"lanes", lanes}, {"tile_k", 1}, {"tile_x", tiling.tile}, {"group_x", tiling.group}}};
    const int64_t elements = int64_t{shape.width} * shape.height * shape.blocks * kBlock;
    const int taps = stage.params.count("kernel") != 0 ? stage.number("kernel") * stage.number("kernel") : 1;
    choose_tasks(stage, elements * (2 * taps + 8), schedule);
    return schedule;
}

}  // namespace senetc
