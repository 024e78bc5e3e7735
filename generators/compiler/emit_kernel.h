// One stage, one schedule, one target -> one object file, through Halide.
#pragma once

#include <filesystem>
#include <string>

#include "generators/compiler/cubins.h"
#include "generators/compiler/stage.h"

namespace senetc {

// A variant of generators/compiler/targets.h, and what else becomes part of Halide's target string.
struct KernelTarget {
    std::string variant;
    bool asserts = false;  // test builds: asserts, bounds queries and Halide's runtime's error handler
    bool opencl = false;   // test builds of a GPU's variant: OpenCL instead of CUDA, which CPUs run, too
    Cubins cubins = {};    // of a variant for CUDA, besides its PTX
};
std::string halide_target(const KernelTarget& target);

struct EmittedKernel {
    std::string object;  // the object file's bytes
    int64_t scratch_bytes =
        0;  // heap the kernel asks for at once, per thread (sum of its heap allocations); 0 for GPUs
    std::string featurization;    // by Adams2019, of the schedule that it made: what its cost model is trained on
    std::string gpu_source = {};  // of a GPU's kernel: the PTX, or OpenCL C, that the object holds, too
    std::vector<PlanGpuCode> gpu_code = {};  // the cubins
};

// `symbol`: the function's name; its argv form, which plans call, is symbol + "_argv"; all other
// symbols begin with `symbol`, too. The first kernel that a process emits is the same bytes every time; later ones may
// differ in local names, because Halide numbers its names through the whole process: so the compiler forks for each.
// Throws Error with Halide's words when the schedule doesn't fit the stage. An autoscheduler may also crash or hang,
// and takes a cost model's weights, if its schedule names some, from `weights_folder` (cost_model_weights.h).
EmittedKernel emit_kernel(const Stage& stage, const Schedule& schedule, const KernelTarget& target,
                          const std::string& symbol, const std::filesystem::path& weights_folder = {});

}  // namespace senetc
