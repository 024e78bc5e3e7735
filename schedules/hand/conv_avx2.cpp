// Register tiles of the dense conv on AVX2: 16 ymm registers.
#include "schedules/hand/choose.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

Schedule choose_conv_avx2(const Stage& stage) {
    const OutputShape shape = output_shape(stage);
    const Tiling tiling = best_tiling(shape.width, 6, 4);
    Schedule schedule{"hand", {{"lanes", 8}, {"tile_k", 1}, {"tile_x", tiling.tile}, {"group_x", tiling.group}}};
    choose_tasks(stage, flops(stage), schedule);
    return schedule;
}

}  // namespace senetc
