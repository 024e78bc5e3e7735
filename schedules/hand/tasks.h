// How a stage's work is cut into tasks.
#pragma once

#include "generators/compiler/stage.h"

namespace senetc {

// The output's width, height and blocks as its kernel sees them: a flattened map is one row.
struct OutputShape {
    int width, height, blocks;
};
OutputShape output_shape(const Stage& stage);

// Fills in rows, groups, bands_inside and parallel for a map whose tiles are group_x wide and tile_k blocks deep.
// `work`: flops of one image, or for stages bound by memory, the bytes they move.
void choose_tasks(const Stage& stage, int64_t work, Schedule& schedule);

// 0 serial, 1 one task per image, 2 several tasks per image.
int parallel_level(int64_t work);

}  // namespace senetc
