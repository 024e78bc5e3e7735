// What senetc inspect says of one kernel: how much it does, and why its tasks are as many as they are.
#pragma once

#include <string>

#include "generators/compiler/stage.h"
#include "schedules/parallel_loop.h"

namespace senetc {

// Of one image: the flops that its algorithm does, or, for kernels bound by memory, about as many as a core does while
// it moves the kernel's arguments.
double work(const Stage& stage, const Schedule& schedule);

// A phrase of the stage's own numbers, e.g. "8 tasks of 32 channels: 2.4 MB of weights are read once; along rows every
// task would read them all".
std::string explain_tasks(const Stage& stage, const Schedule& schedule, const ParallelLoop& loop);

}  // namespace senetc
