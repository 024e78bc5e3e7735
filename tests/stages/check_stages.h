// Runs stages' kernels on random data and holds them against the naive evaluation.
#pragma once

#include <string>
#include <vector>

#include "tests/stages/kernel_library.h"

namespace senetc::test {

enum class Tasks {
    chosen,  // as choose_schedule says
    many,    // cut into tasks of a tile or two each, as only large maps are otherwise
    blocks,  // a task a tile of channel blocks, which takes all images in turn: as where weights are large
};

// A stage from its text, parameters that are not given at their plainest: no halo, no activation, stride 1, as many
// gates as channels, sums by tiles of one pixel, and so on.
Stage stage_of(const std::string& text);

// $SENETC_STAGE_TARGET, or this machine's.
const TargetInfo& target_under_test();

// It is another machine's, and kernels run emulated.
bool emulated();

// It is a GPU's, and kernels run by OpenCL.
bool on_gpu();

// False, and a line that says what is missing, where kernels for that target can't be run.
bool target_runs_here();

// For every stage, on every variant of that target (of this machine's those that its CPU runs): three images at once
// are within float's bounds of the naive evaluation, equal bit for bit to each image alone with tasks in another order,
// and nothing is written outside the outputs. "stage | schedule" gives the schedule, too, with lanes= and by_lane= as
// the variant has; "stage | direct" keeps a convolution from Winograd, and "stage | Adams2019" has it autoscheduled. On
// a GPU a CPU's schedule gives the algorithm alone, and a GPU's is taken as it is.
void check_stages(const std::vector<std::string>& stages, Checks checks, Tasks tasks);

}  // namespace senetc::test
