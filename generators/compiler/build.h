// The compiler: from a network and its weights to a library.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "generators/compiler/compile_kernels.h"
#include "generators/compiler/network_source.h"
#include "generators/compiler/step_schedules.h"
#include "models/passes/passes.h"

namespace senetc {

// One library to build.
struct BuildTarget {
    std::string name;                   // of generators/compiler/targets.h
    std::vector<std::string> variants;  // best first
    std::string output_folder;
};

struct BuildRequest {
    LoadedNetwork network;  // with constants bound
    std::string name;       // of the model: names the files and the symbol
    std::vector<BuildTarget> targets;
    bool weights_beside = false;
    Cubins cubins = {};  // of the variants for CUDA
    PassOptions passes;
    StepSchedules schedules;
};

struct BuildHooks {
    // Called with "import", every pass's name, "stages" and "plan", and that step's text (made only if `wants` says
    // so).
    std::function<bool(const std::string& step)> wants_dump = [](const std::string&) { return false; };
    std::function<void(const std::string& step, const std::string& text)> dump;
    std::function<void(int done, int total, int from_cache)> progress;
    std::function<void(const std::string& sentence)> note = [](const std::string&) {
    };  // what was done otherwise than asked
    int jobs = 0;
};

struct BuildReport {
    std::vector<std::string> files;
    int kernels = 0, kernels_from_cache = 0;
    int64_t weight_bytes = 0;            // of all targets
    std::map<std::string, int> sources;  // of the kernels' schedules: "hand", "tuned:se_resnet50.table"
};

BuildReport build(const BuildRequest& request, const KernelCache& cache, const BuildHooks& hooks);

// All steps that a dump can be asked for, in order.
std::vector<std::string> dump_steps();

}  // namespace senetc
