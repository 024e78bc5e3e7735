#include "generators/compiler/compile_kernels.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <exception>
#include <map>

#include "models/error.h"

namespace senetc {
namespace {

int usable_cores() {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

struct Child {
    size_t spec;
    int error_pipe;  // what it threw, if it did
};

[[noreturn]] void run_child(const KernelSpec& spec, const KernelCache& cache, int time_limit_seconds, int error_pipe) {
    alarm(unsigned(time_limit_seconds));  // SIGALRM ends a compile that hangs
    int status = 0;
    try {
        cache.store(spec, emit_kernel(spec.stage, spec.schedule, spec.target, spec.symbol()));
    } catch (const std::exception& error) {
        const ssize_t written = write(error_pipe, error.what(), std::min<size_t>(std::strlen(error.what()), 4000));
        status = written < 0 ? 2 : 1;
    }
    _exit(status);  // no destructors: the parent owns everything
}

std::pair<pid_t, Child> start_child(size_t index, const KernelSpec& spec, const KernelCache& cache,
                                    int time_limit_seconds) {
    int ends[2];
    if (pipe(ends) != 0) throw Error(fmt::format("no pipe for a compile process: {}", std::strerror(errno)));
    const pid_t pid = fork();
    if (pid < 0) {
        close(ends[0]);
        close(ends[1]);
        throw Error(fmt::format("a compile process can't be started: {}", std::strerror(errno)));
    }
    if (pid == 0) {
        close(ends[0]);
        run_child(spec, cache, time_limit_seconds, ends[1]);
    }
    close(ends[1]);
    return {pid, {index, ends[0]}};
}

std::string read_all(int fd) {
    std::string text(4096, '\0');
    const ssize_t count = read(fd, text.data(), text.size());
    text.resize(count > 0 ? size_t(count) : 0);
    return text;
}

// "" when the child ended well.
std::string what_went_wrong(int status, const std::string& message, int time_limit_seconds) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        return fmt::format("took longer than {} s", time_limit_seconds);
    if (WIFSIGNALED(status))
        return fmt::format("the compiler ended with signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
    return message.empty() ? "failed without a word" : message;
}

// The running children; its destructor leaves none behind when an exception ends the build.
struct Children {
    std::map<pid_t, Child> running;
    ~Children() {
        for (auto& [pid, child] : running) {
            kill(pid, SIGKILL);
            waitpid(pid, nullptr, 0);
            close(child.error_pipe);
        }
    }
};

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
    const int total = int(specs.size()), from_cache = total - int(missing.size());
    int done = from_cache;
    auto report = [&] {
        if (options.progress) options.progress(done, total, from_cache);
    };
    report();

    const size_t jobs = size_t(options.jobs > 0 ? options.jobs : usable_cores());
    Children children;
    for (size_t next = 0; next < missing.size() || !children.running.empty();) {
        while (next < missing.size() && children.running.size() < jobs) {
            children.running.insert(
                start_child(missing[next], specs[missing[next]], cache, options.time_limit_seconds));
            ++next;
        }
        int status = 0;
        const pid_t pid = wait(&status);
        const auto ended = children.running.find(pid);
        if (ended == children.running.end()) continue;
        const Child child = ended->second;
        children.running.erase(ended);
        const std::string message = read_all(child.error_pipe);
        close(child.error_pipe);
        const std::string problem = what_went_wrong(status, message, options.time_limit_seconds);
        if (!problem.empty()) throw Error(fmt::format("kernel '{}': {}", specs[child.spec].text(), problem));
        auto kernel = cache.find(specs[child.spec]);
        if (!kernel)
            throw Error(fmt::format("{}: a kernel vanished from the cache while building", cache.folder().string()));
        kernels[child.spec] = std::move(*kernel);
        ++done;
        report();
    }
    cache.trim();
    return kernels;
}

}  // namespace senetc
