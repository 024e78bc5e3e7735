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

// `waited`: the share of the time in which the network had no images.
std::string bound(double waited) {
    if (waited >= 0.5)
        return fmt::format("; decoding was the limit: the network waited {:.0f} % of the time", 100 * waited);
    return fmt::format("; the network was the limit: it waited {:.0f} % of the time", 100 * waited);
}

}  // namespace

Progress::Progress(bool quiet, bool last) : terminal_(isatty(STDERR_FILENO)), quiet_(quiet), last_(last) {}

void Progress::update(uint64_t images, uint64_t errors) {
    const auto now = Clock::now();
    if (!terminal_ || quiet_ || now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    fmt::print(stderr, "{}{}", clear_line, sentence(images, errors, seconds));
    std::fflush(stderr);
}

void Progress::begin_wait() {
    wait_ = Clock::now();
}

void Progress::end_wait() {
    waited_ += Clock::now() - wait_;
}

void Progress::finish(uint64_t images, uint64_t errors) {
    if (!terminal_ && !last_) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    fmt::print(stderr, "{}{}{}\n", terminal_ && !quiet_ ? clear_line : "", sentence(images, errors, seconds),
               bound(std::chrono::duration<double>(waited_).count() / (seconds > 0 ? seconds : 1)));
}

}  // namespace senet::cli
