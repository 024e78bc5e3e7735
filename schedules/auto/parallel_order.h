// Makes an autoscheduled pipeline's results the same whatever order its parallel tasks are done in.
//
// Where a loop is cut into tasks that don't divide it, Halide by default shifts the last task inwards: it computes
// again what the task before it does, but in other code, in which sums may be rounded otherwise. The one that comes
// last decides. So these tasks get tests for their ends instead.
#pragma once

#include <Halide.h>

namespace senetc {

// Throws Error where threads add to one sum as they come.
void fix_parallel_order(const Halide::Pipeline& pipeline);

}  // namespace senetc
