// Halide's autoschedulers as algorithms of a schedule, e.g. "Adams2019 beam_size=8 parallelism=16": plug-ins of Halide
// that schedule what a generator defines. A CPU's kernels made so compute one image, with a loop over images around
// them (generators/compiler/image_loop.h).
//
// A stage that collects sums by tile has tile_x and tile_y beside the options: what a sum is of belongs to what the
// stage computes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generators/compiler/check_stage.h"

namespace senetc {

struct Autoscheduler {
    std::string name;                  // Halide's
    std::string plugin;                // file beside libHalide.so
    std::vector<NumberRange> options;  // in Halide's names, all optional
    bool for_gpus = false;             // else for CPUs
};
const std::vector<Autoscheduler>& autoschedulers();

// Throws Error that names what there is.
const Autoscheduler& find_autoscheduler(const std::string& name);

// Throws Error where it schedules for the other kind of device.
void check_device(const Autoscheduler& autoscheduler, bool on_gpu);

// Throws Error unless the schedule is an autoscheduler with options in their ranges, and tiles where the stage has
// sums.
void check_autoscheduled(const Stage& stage, const Schedule& schedule);

// The schedule that an autoscheduler gets for a stage on a variant: `asked` with the parallelism that is chosen where
// it says none, and the tiles of the hand direct schedule where the stage has sums. Throws Error as
// check_autoscheduled, and for a variant that it can't schedule for.
Schedule autoscheduled(const Stage& stage, const std::string& variant, const Schedule& asked);

// The options as Halide wants them. The cost model's weights are apart: weights=N stands for a file.
std::map<std::string, std::string> halide_options(const Schedule& schedule);

// Weights that Adams2019's cost model is asked to use, N of weights=N (generators/tune/retrain.h); 0: its own.
int cost_model_weights(const Schedule& schedule);

}  // namespace senetc
