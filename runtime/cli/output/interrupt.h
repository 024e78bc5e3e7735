// What happens on Ctrl-C, and when memory is out: unfinished files are removed and the program ends.
#pragma once

#include <csignal>
#include <string>

namespace senet::cli {

constexpr int interrupted_status = 130, no_memory_status = 2;

// Installs the handlers for SIGINT, SIGTERM and SIGHUP, and for SIGPIPE, which removes files and then ends the program
// quietly as usual. Call once, before other threads start.
void handle_interrupts();

// When operator new finds no memory on the main thread, the program ends with one sentence, and its unfinished files
// are removed: JSON's library doesn't survive bad_alloc. On other threads it is thrown as ever.
void handle_lack_of_memory();

// At most eight files at a time, with paths below PATH_MAX; call both inside an InterruptGuard.
void remove_when_interrupted(const std::string& path);
void keep_when_interrupted(const std::string& path);

// Holds the signals back on this thread while it lives.
class InterruptGuard {
  public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

  private:
    sigset_t before_;
};

}  // namespace senet::cli
