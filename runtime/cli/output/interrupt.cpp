#include "runtime/cli/output/interrupt.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <climits>
#include <cstring>
#include <new>
#include <string_view>

#include "runtime/cli/error.h"

namespace senet::cli {

namespace {

constexpr std::array signals = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};

// A handler may touch lock-free atomics and plain memory that was complete before `used` was set, and nothing else.
struct Slot {
    std::atomic<bool> used;
    char path[PATH_MAX];
};
std::array<Slot, 8> slots;
static_assert(std::atomic<bool>::is_always_lock_free);

void remove_unfinished() {
    for (Slot& slot : slots) {
        if (slot.used) unlink(slot.path);
    }
}

void on_signal(int signal) {
    remove_unfinished();
    if (signal != SIGPIPE) _exit(interrupted_status);
    std::signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

}  // namespace

void handle_lack_of_memory() {
    std::set_new_handler([] {
        if (gettid() != getpid()) throw std::bad_alloc();
        constexpr std::string_view sentence = "senet: not enough memory\n";
        remove_unfinished();
        [[maybe_unused]] const ssize_t said = write(STDERR_FILENO, sentence.data(), sentence.size());
        _exit(no_memory_status);
    });
}

void handle_interrupts() {
    for (const int signal : signals) {
        struct sigaction before {
        }, action{};
        sigaction(signal, nullptr, &before);
        if (before.sa_handler == SIG_IGN) continue;  // as with nohup
        action.sa_handler = on_signal;
        sigfillset(&action.sa_mask);
        sigaction(signal, &action, nullptr);
    }
}

void remove_when_interrupted(const std::string& path) {
    if (path.size() >= PATH_MAX) throw Error("the path '{}' is too long", path);
    for (Slot& slot : slots) {
        if (slot.used) continue;
        std::memcpy(slot.path, path.c_str(), path.size() + 1);
        slot.used = true;
        return;
    }
}

void keep_when_interrupted(const std::string& path) {
    for (Slot& slot : slots) {
        if (slot.used && path == slot.path) slot.used = false;
    }
}

InterruptGuard::InterruptGuard() {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : signals) sigaddset(&held, signal);
    pthread_sigmask(SIG_BLOCK, &held, &before_);
}

InterruptGuard::~InterruptGuard() {
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace senet::cli
