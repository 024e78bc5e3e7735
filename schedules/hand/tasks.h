// How a stage's work is cut into tasks.
#pragma once

#include "generators/compiler/stage.h"
#include "schedules/hand/tiling.h"

namespace senetc {

// The output's width, height and blocks as its kernel sees them: a flattened map is one row.
struct OutputShape {
    int width, height, blocks;
};
OutputShape output_shape(const Stage& stage);

// The tile's numbers for map_loops: vectors of `lanes`, tiles of tile_c lanes by tile_k blocks.
Schedule map_schedule(const Tiling& tiling, int lanes, int tile_c, int tile_k);

// `schedule` with band_x, band_y, bands_inside and parallel added. `work`: flops of one image, or for stages bound by
// memory about as much time in flops.
Schedule with_tasks(const Stage& stage, int64_t work, Schedule schedule);

// 0 serial, 1 one task per image, 2 several tasks per image.
int parallel_level(int64_t work);

}  // namespace senetc
