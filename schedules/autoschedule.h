// One of Halide's autoschedulers schedules a stage's pipeline (schedules/auto).
#pragma once

#include <Halide.h>

#include <filesystem>
#include <string>

#include "generators/compiler/stage.h"

namespace senetc {

// The folder of libHalide.so, where its plug-ins lie, and the tools that retrain a cost model.
std::filesystem::path halide_folder();

// A plug-in may abort, crash, or take any time and memory: only in a process that may end. `weights_folder`: where
// weights=N is looked for. Returns Adams2019's featurization of the schedule, or "". Throws Error, Halide::Error.
std::string autoschedule(const Halide::Pipeline& pipeline, const Halide::Target& target, const Stage& stage,
                         const Schedule& schedule, const std::filesystem::path& weights_folder);

}  // namespace senetc
