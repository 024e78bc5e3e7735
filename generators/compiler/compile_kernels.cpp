#include "generators/compiler/compile_kernels.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>

#include <map>
#include <utility>

#include "generators/system/child_process.h"
#include "models/error.h"

namespace senetc {
namespace {

int usable_cores() {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

// A child that compiles a kernel and puts it into the cache.
ChildProcess start(const KernelSpec& spec, const KernelCache& cache, const CompileOptions& options) {
    const auto compile = [&] {
        cache.store(spec, emit_kernel(spec.stage, spec.schedule, spec.target, spec.symbol(), spec.weights_folder));
    };
    return ChildProcess(compile, unsigned(options.time_limit_seconds), options.memory_limit);
}

}  // namespace

std::vector<EmittedKernel> compile_kernels(const std::vector<KernelSpec>& specs, const KernelCache& cache,
                                           const CompileOptions& options) {
    std::vector<EmittedKernel> kernels(specs.size());
    std::vector<size_t> missing;
    for (size_t i = 0; i < specs.size(); ++i) {
        if (auto cached = cache.find(specs[i]))
            kernels[i] = std::move(*cached);
        else
            missing.push_back(i);
    }
    const int from_cache = int(specs.size() - missing.size());
    int total = int(specs.size());
    int done = from_cache;
    auto report = [&] {
        if (options.progress) options.progress(done, total, from_cache);
    };
    report();

    const size_t jobs = size_t(options.jobs > 0 ? options.jobs : usable_cores());
    std::map<pid_t, std::pair<size_t, ChildProcess>> running;  // by index in specs; none survives an exception
    for (size_t next = 0; next < missing.size() || !running.empty();) {
        for (; next < missing.size() && running.size() < jobs; ++next) {
            ChildProcess child = start(specs[missing[next]], cache, options);
            const pid_t pid = child.pid();
            running.emplace(pid, std::pair(missing[next], std::move(child)));
        }
        int status = 0;
        const auto ended = running.find(::wait(&status));
        if (ended == running.end()) continue;
        auto [index, child] = std::move(ended->second);
        running.erase(ended);
        const std::string problem = child.outcome(status);
        if (!problem.empty()) {
            if (!options.may_fail || !options.may_fail(specs[index], problem))
                throw Error(fmt::format("kernel '{}': {}", specs[index].text(), problem));
            --total;
            continue;
        }
        auto kernel = cache.find(specs[index]);
        if (!kernel)
            throw Error(fmt::format("{}: a kernel vanished from the cache while building", cache.folder().string()));
        kernels[index] = std::move(*kernel);
        ++done;
        report();
    }
    cache.trim();
    return kernels;
}

}  // namespace senetc
