// Compiles kernels on several cores, each in a child process: a schedule that crashes or hangs Halide costs one clear
// sentence, not the build. Kernels in the cache are taken from there.
#pragma once

#include <functional>
#include <vector>

#include "generators/compiler/kernel.h"
#include "generators/compiler/kernel_cache.h"

namespace senetc {

struct CompileOptions {
    int jobs = 0;  // child processes at once; 0: as many as this process may use cores
    int time_limit_seconds = 120;
    std::function<void(int done, int total, int from_cache)> progress;  // after every kernel
};

// In the order of `specs`. Throws Error that names the kernel.
std::vector<EmittedKernel> compile_kernels(const std::vector<KernelSpec>& specs, const KernelCache& cache,
                                           const CompileOptions& options);

}  // namespace senetc
