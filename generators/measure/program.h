// Measuring programs: self-contained executables that check a candidate and time it against the incumbent.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "generators/compiler/kernel_cache.h"
#include "generators/measure/job.h"

namespace senetc::measure {

// Limits of a child process that compiles.
struct CompileLimits {
    int seconds = 120;
    int64_t memory_bytes = int64_t{6} << 30;
};

// How compiling a kernel ended, other than well.
struct CompileFailure {
    enum Kind { refused, crashed, timed_out } kind;
    std::string sentence;
};

// Puts the kernel into the cache, if it isn't there, from a child process.
std::optional<CompileFailure> compile(const KernelSpec& spec, const KernelCache& cache, const CompileLimits& limits);

// What a stage should compute, as naive evaluation says: taken from `folder`, or worked out and left there. Of
// schedules only the algorithm matters.
oracle::Expected expected_result(const Stage& stage, const Schedule& schedule, const std::filesystem::path& folder);

// Both kernels are in the cache. Writes `program`; beside it, for a moment, its parts. Throws Error.
void make_program(const KernelSpec& candidate, const KernelSpec& incumbent, const KernelCache& cache,
                  oracle::Expected result, JobOptions options, const std::filesystem::path& program);

}  // namespace senetc::measure
