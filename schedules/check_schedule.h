// Schedules that come as text from files are checked before a kernel is made with them: a tile wider than its map would
// have the kernel write outside of it.
#pragma once

#include "generators/compiler/stage.h"

namespace senetc {

// Throws Error when the schedule is none of the stage's: an algorithm that the stage hasn't, a number that the
// algorithm hasn't, that is missing, or out of its range. What passes may still be slow, or be refused by Halide.
void check_schedule(const Stage& stage, const Schedule& schedule);

// Throws Error when it is a schedule for the other kind of device.
void check_device(const Schedule& schedule, bool on_gpu);

}  // namespace senetc
