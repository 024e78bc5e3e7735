// Work in a child process, for what may crash, hang or run out of memory inside a library: its end, whatever it is,
// becomes a sentence here. A child dies with its parent.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

namespace senetc {

class ChildProcess {
  public:
    // Runs `body` in a child, for at most `seconds`, with at most `memory` bytes more than this process has (0: any
    // time, any memory). What it throws, and what it writes to standard error, comes back as the sentence. Throws
    // Error when no process can be started.
    ChildProcess(const std::function<void()>& body, unsigned seconds, int64_t memory = 0);
    ~ChildProcess();  // kills a child that nobody has waited for
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;

    pid_t pid() const { return pid_; }

    // Given the status of waitpid, or after waiting for it here: "" when the child ended well, else what went wrong.
    std::string outcome(int status);
    std::string wait();

    // After that: how it ended. Died: of a signal, of too little memory, or with a status that it chose itself.
    enum class End { well, threw, timed_out, died };
    End end() const { return end_; }

  private:
    pid_t pid_ = -1;  // -1: waited for
    int words_ = -1;  // the pipe's end that the child's words come out of
    unsigned seconds_ = 0;
    End end_ = End::well;
};

}  // namespace senetc
