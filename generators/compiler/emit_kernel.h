// One stage, one schedule, one target -> one object file, through Halide.
#pragma once

#include <string>

#include "generators/compiler/stage.h"

namespace senetc {

// A variant of generators/compiler/targets.h, and what else becomes part of Halide's target string.
struct KernelTarget {
    std::string variant;
    bool asserts = false;  // test builds: asserts, bounds queries and Halide's runtime's error handler
};
std::string halide_target(const KernelTarget& target);

struct EmittedKernel {
    std::string object;         // the object file's bytes
    int64_t scratch_bytes = 0;  // heap the kernel asks for at once, per thread (sum of its heap allocations)
};

// `symbol`: the function's name; its argv form, which plans call, is symbol + "_argv"; all other
// symbols begin with `symbol`, too. The first kernel that a process emits is the same bytes every time; later ones may
// differ in local names, because Halide numbers its names through the whole process: so the compiler forks for each.
// Throws Error with Halide's words when the schedule doesn't fit the stage.
EmittedKernel emit_kernel(const Stage& stage, const Schedule& schedule, const KernelTarget& target,
                          const std::string& symbol);

}  // namespace senetc
