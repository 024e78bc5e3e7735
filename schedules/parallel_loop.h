// What a kernel's threads share.
#pragma once

#include "generators/compiler/stage.h"

namespace senetc {

// The loop whose turns are handed to threads: equal tasks along an axis; one task when the kernel is serial.
struct ParallelLoop {
    const char* axis;  // "bands", "blocks", "images", "serial"; of autoscheduled kernels and GPUs' "unknown"
    int tasks;         // 0: unknown
};

// Of one run with `images` images.
ParallelLoop parallel_loop(const Stage& stage, const Schedule& schedule, int images);

// Work of the thread that gets most over the mean: tasks are handed out one by one, so it gets ceil(tasks / threads).
double imbalance(int tasks, int threads);

}  // namespace senetc
