// Register tiles of the dense conv on AVX-512: 32 zmm registers.
#include "schedules/hand/choose.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

Schedule choose_conv_avx512(const Stage& stage) {
    const OutputShape shape = output_shape(stage);
    const int tile_k = shape.blocks % 2 == 0 ? 2 : 1;
    const Tiling tiling = best_tiling(shape.width, 14, 8 / tile_k);
    Schedule schedule{"hand", {{"lanes", 16}, {"tile_k", tile_k}, {"tile_x", tiling.tile}, {"group_x", tiling.group}}};
    choose_tasks(stage, flops(stage), schedule);
    return schedule;
}

}  // namespace senetc
