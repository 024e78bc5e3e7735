#include "runtime/cli/output/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace senet::cli {

namespace {

constexpr auto clear_line = "\r\x1b[K";

std::string sentence(uint64_t images, uint64_t errors, double seconds) {
    const std::string failed = errors ? fmt::format(", {} with errors", errors) : "";
    return fmt::format("{} images{}, {:.1f} s, {:.1f} images/s", images, failed, seconds,
                       double(images) / (seconds > 0 ? seconds : 1));
}

}  // namespace

Progress::Progress(bool quiet) : terminal_(isatty(STDERR_FILENO)), quiet_(quiet) {}

void Progress::update(uint64_t images, uint64_t errors) {
    const auto now = Clock::now();
    if (!terminal_ || quiet_ || now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    fmt::print(stderr, "{}{}", clear_line, sentence(images, errors, seconds));
    std::fflush(stderr);
}

void Progress::finish(uint64_t images, uint64_t errors) {
    if (!terminal_) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    fmt::print(stderr, "{}{}\n", quiet_ ? "" : clear_line, sentence(images, errors, seconds));
}

}  // namespace senet::cli
