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
    int64_t memory_limit = int64_t{6} << 30;                            // bytes, of each child process; 0: none
    std::function<void(int done, int total, int from_cache)> progress;  // after every kernel
    // Called for a kernel that can't be compiled, with a sentence: true goes on without it, its object being empty.
    std::function<bool(const KernelSpec&, const std::string& problem)> may_fail;
};

// In the order of `specs`. Throws Error that names the kernel which can't be compiled.
std::vector<EmittedKernel> compile_kernels(const std::vector<KernelSpec>& specs, const KernelCache& cache,
                                           const CompileOptions& options);

}  // namespace senetc
