// How a stage's work is cut into tasks.
#pragma once

#include "generators/compiler/stage.h"
#include "schedules/hand/tiling.h"

namespace senetc {

// The tile's numbers for map_loops: vectors of `lanes`, tiles of tile_c lanes by tile_k blocks.
Schedule map_schedule(const Tile& tile, int lanes, int tile_c, int tile_k);

// `schedule` with band_x, band_y, axis and images_inside added. `work`: flops of one image, or for stages bound by
// memory about as much time in flops.
Schedule with_tasks(const Stage& stage, int64_t work, Schedule schedule);

// 0 serial, 1 one task per image, 2 several tasks per image.
int parallel_level(int64_t work);

}  // namespace senetc
