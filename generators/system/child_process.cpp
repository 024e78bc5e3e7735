#include "generators/system/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <new>
#include <utility>

#include "models/error.h"

namespace senetc {
namespace {

// Comes between what libraries printed and the sentence that was thrown.
constexpr char kSentence = '\0';

enum Status { kThrew = 1, kNoMemory = 2 };

void say(int pipe, const char* words) {
    const iovec parts[] = {{const_cast<char*>(&kSentence), 1}, {const_cast<char*>(words), std::strlen(words)}};
    if (writev(pipe, parts, 2) < 0) return;  // nobody listens, or too much was said already
}

// Bytes of private writable memory that this process has: what RLIMIT_DATA limits.
int64_t data_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmData:")) return std::atoll(line.c_str() + line.find(':') + 1) << 10;
    return 0;
}

void limit_memory(int64_t bytes) {
    const auto limit = rlim_t(data_bytes() + bytes);
    const rlimit limits{limit, limit};
    setrlimit(RLIMIT_DATA, &limits);  // what can't be lowered is lower already
}

[[noreturn]] void run_child(const std::function<void()>& body, unsigned seconds, int64_t memory, int words,
                            pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::set_new_handler(nullptr);
    if (getppid() != parent) _exit(1);  // it died before that
    fcntl(words, F_SETFL, O_NONBLOCK);  // whoever says more than a pipe holds must not wait
    dup2(words, STDERR_FILENO);
    if (memory != 0) limit_memory(memory);
    alarm(seconds);  // SIGALRM ends work that hangs
    int status = kThrew;
    try {
        body();
        status = 0;
    } catch (const std::bad_alloc&) {
        say(words, "not enough memory");
        status = kNoMemory;
    } catch (const std::exception& error) {
        say(words, error.what());
    }
    _exit(status);  // no destructors: the parent owns everything
}

std::string read_all(int fd) {
    std::string text(65536, '\0');
    size_t used = 0;
    for (ssize_t count; used < text.size() && (count = read(fd, text.data() + used, text.size() - used)) != 0;) {
        if (count < 0 && errno != EINTR) break;
        if (count > 0) used += size_t(count);
    }
    text.resize(used);
    return text;
}

// What the child said at its end: the sentence that was thrown, else the first line that was printed.
std::string last_words(const std::string& text) {
    const size_t sentence = text.rfind(kSentence);
    return sentence == std::string::npos ? text.substr(0, text.find('\n')) : text.substr(sentence + 1);
}

}  // namespace

ChildProcess::ChildProcess(const std::function<void()>& body, unsigned seconds, int64_t memory) : seconds_(seconds) {
    int ends[2];
    if (pipe(ends) != 0) throw Error(fmt::format("no pipe for a child process: {}", std::strerror(errno)));
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) {
        close(ends[0]);
        run_child(body, seconds, memory, ends[1], parent);
    }
    const int error = errno;
    close(ends[1]);
    words_ = ends[0];
    if (pid_ > 0) return;
    close(words_);
    throw Error(fmt::format("a child process can't be started: {}", std::strerror(error)));
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      words_(std::exchange(other.words_, -1)),
      seconds_(other.seconds_),
      end_(other.end_) {}

ChildProcess::~ChildProcess() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    if (words_ >= 0) close(words_);
}

std::string ChildProcess::outcome(int status) {
    pid_ = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
    const std::string text = read_all(words_), words = last_words(text);
    const bool spoke = WIFEXITED(status) && text.rfind(kSentence) != std::string::npos;
    const bool alarmed = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    end_ = spoke && WEXITSTATUS(status) == kThrew ? End::threw : alarmed ? End::timed_out : End::died;
    if (spoke) return words;
    if (alarmed) return fmt::format("took longer than {} s", seconds_);
    const std::string end = WIFSIGNALED(status)
                                ? fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)))
                                : fmt::format("status {}", WEXITSTATUS(status));
    return fmt::format("the compiler ended with {}{}{}", end, words.empty() ? "" : ": ", words);
}

std::string ChildProcess::wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0)
        if (errno != EINTR) throw Error(fmt::format("a child process was lost: {}", std::strerror(errno)));
    return outcome(status);
}

}  // namespace senetc
