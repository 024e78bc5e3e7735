#include "generators/measure/runner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <initializer_list>
#include <utility>

#include "generators/system/process_handle.h"
#include "models/error.h"

namespace senetc::measure {
namespace {

constexpr size_t kMostErrors = 4096;

struct Pipe {
    int read = -1, write = -1;
};

[[noreturn]] void fail(const char* what) {
    throw Error(fmt::format("a measuring program can't be started: {}: {}", what, std::strerror(errno)));
}

Pipe make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("no pipe");
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return {ends[0], ends[1]};
}

// Takes in what a pipe has, keeping at most `most` bytes; false when there is more than that.
bool drain(int pipe, std::string& text, size_t most) {
    char bytes[4096];
    bool fits = true;
    for (ssize_t count; (count = read(pipe, bytes, sizeof bytes)) > 0 || (count < 0 && errno == EINTR);) {
        if (count < 0) continue;
        const size_t room = most - text.size();
        text.append(bytes, std::min(room, static_cast<size_t>(count)));
        fits = fits && static_cast<size_t>(count) <= room;
    }
    return fits;
}

}  // namespace

Runner::Runner(std::string command, int seconds, int64_t memory)
    : command_(std::move(command)), seconds_(seconds), memory_(memory) {}

Runner::~Runner() {
    if (busy()) finish(true);
}

void Runner::start(const std::filesystem::path& program) {
    const Pipe out = make_pipe(), err = make_pipe();
    const pid_t parent = getpid();
    output_ = {};
    output_.here = here();
    output_.limit_seconds = seconds_;
    process_ = fork();
    if (process_ == 0) run_child(program, out.write, err.write, parent);
    const int error = errno;
    close(out.write);
    close(err.write);
    out_ = out.read, err_ = err.read;
    if (process_ < 0) {
        close(out_);
        close(err_);
        errno = error;
        fail("no process");
    }
    setpgid(process_, process_);  // here and in the child: whoever comes first
    ended_ = open_process(process_);
    if (ended_ < 0) {
        finish(true);
        fail("no handle of its process");
    }
    deadline_ = Clock::now() + std::chrono::seconds(seconds_);
}

void Runner::run_child(const std::filesystem::path& program, int out, int err, pid_t parent) const {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) std::signal(signal, SIG_DFL);
    if (here()) {
        const rlimit memory{static_cast<rlim_t>(memory_), static_cast<rlim_t>(memory_)}, none_left{0, 0};
        setrlimit(RLIMIT_DATA, &memory);
        setrlimit(RLIMIT_CORE, &none_left);
        execl(program.c_str(), program.c_str(), nullptr);
    } else {
        const std::string line = command_ + " \"$1\"";
        execl("/bin/sh", "sh", "-c", line.c_str(), "senetc", program.c_str(), nullptr);
    }
    dprintf(STDERR_FILENO, "%s: %s", program.c_str(), std::strerror(errno));
    _exit(127);
}

void Runner::add_to(std::vector<pollfd>& polled) const {
    for (const int file : {ended_, out_, err_}) polled.push_back({file, POLLIN, 0});
}

std::optional<RunOutput> Runner::poll() {
    if (!drain(out_, output_.out, kMostOutput)) output_.said_too_much = true;
    drain(err_, output_.err, kMostErrors);
    siginfo_t end{};
    const bool over =
        waitid(P_PID, static_cast<id_t>(process_), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == process_;
    output_.took_too_long = !over && Clock::now() >= deadline_;
    if (!over && !output_.took_too_long && !output_.said_too_much) return std::nullopt;
    finish(!over);
    return std::move(output_);
}

// The process is waited for only after its group was ended: till then nobody else can have its number.
void Runner::finish(bool kill_it) {
    if (kill_it) kill(process_, SIGKILL);
    siginfo_t end;
    while (waitid(P_PID, static_cast<id_t>(process_), &end, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    kill(-process_, SIGKILL);  // what a command left behind
    while (waitpid(process_, &output_.status, 0) < 0 && errno == EINTR) {
    }
    drain(out_, output_.out, kMostOutput);
    drain(err_, output_.err, kMostErrors);
    for (int* file : {&ended_, &out_, &err_}) {
        if (*file >= 0) close(*file);
        *file = -1;
    }
    process_ = -1;
}

}  // namespace senetc::measure
