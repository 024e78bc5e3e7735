#include "generators/tune/live_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "generators/tune/units.h"

namespace senetc::tune {
namespace {

constexpr double kRateWindow = 180;  // seconds that "a minute" is taken of

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void write_to_stderr(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

int columns_of_stderr() {
    winsize size{};
    if (!isatty(STDERR_FILENO)) return 0;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// Parts after the first that don't fit are left out, the last first; a first that doesn't is cut. One column stays
// free: a line that fills the last one wraps on some terminals.
std::string fitted(const std::string& label, const std::vector<std::string>& parts, int columns) {
    const size_t room = size_t(std::max(columns - 1, 1));
    std::string line = fmt::format("{:<9}", label);
    for (size_t i = 0; i < parts.size(); ++i) {
        const std::string part = (i == 0 ? "" : ", ") + parts[i];
        if (i > 0 && line.size() + part.size() > room) break;
        line += part;
    }
    return line.substr(0, room);
}

std::string counted(const Progress& progress, int stopped_early) {
    std::vector<std::string> parts;
    for (const auto& [outcome, count] : progress.outcomes) {
        const bool ok = outcome == Outcome::ok;
        parts.push_back(fmt::format("{} {}", count, to_string(outcome)));
        if (ok && stopped_early > 0) parts.back() += fmt::format(" ({} stopped early)", stopped_early);
    }
    return fmt::format("{}: {}", progress.candidates, fmt::join(parts, ", "));
}

}  // namespace

LiveView::LiveView(LiveOptions options) : options_(std::move(options)) {
    if (!options_.write) options_.write = write_to_stderr;
    if (!options_.columns) options_.columns = columns_of_stderr;
}

void LiveView::measured(const Candidate&, const Measurement& measurement, bool improved, const Progress& progress) {
    if (first_elapsed_ < 0) first_elapsed_ = std::max(progress.elapsed - measurement.seconds, 0.0);
    measured_at_.push_back(progress.elapsed);
    while (measured_at_.front() < progress.elapsed - kRateWindow) measured_at_.pop_front();
    stopped_early_ += measurement.stopped_early;
    if (improved && options_.columns() == 0)
        options_.write(fmt::format("{} {} ({}): {:.1f} us, hand {:.1f} us, {}; network {:.3f} -> {:.3f} ms; {}\n",
                                   clock_text(progress.elapsed), progress.first_use, progress.variant, progress.best_us,
                                   progress.hand_us, change_text(progress.hand_us, progress.best_us),
                                   progress.network_hand_us * 1e-3, progress.network_us * 1e-3,
                                   to_string(progress.best)));
    tick(progress);
}

void LiveView::tick(const Progress& progress) {
    if (options_.columns() == 0 || (drawn_at_ >= 0 && now() - drawn_at_ < options_.seconds)) return;
    draw(progress);
    drawn_at_ = now();
}

void LiveView::note(const std::string& sentence) {
    erase();
    options_.write(sentence + "\n");
}

// Lines that a narrower window has broken stand in several rows by now.
void LiveView::erase() {
    const size_t columns = size_t(std::max(options_.columns(), 1));
    size_t rows = 0;
    for (const size_t length : drawn_) rows += std::max<size_t>((length + columns - 1) / columns, 1);
    if (rows > 0) options_.write(fmt::format("\r\033[{}A\033[J", rows));
    drawn_.clear();
}

void LiveView::draw(const Progress& progress) {
    erase();
    std::string text;
    for (const std::string& line : lines(progress)) {
        text += line + "\n";
        drawn_.push_back(line.size());
    }
    options_.write(text);
}

double LiveView::rate(double elapsed) const {
    const double window = std::min(elapsed - first_elapsed_, kRateWindow);
    return first_elapsed_ >= 0 && window > 0 ? double(measured_at_.size()) * 60 / window : 0;
}

std::vector<std::string> LiveView::lines(const Progress& progress) const {
    const int columns = options_.columns();
    std::vector<std::string> best = {"none yet"};
    if (progress.best_us > 0) {
        best = {fmt::format("{:.1f} us", progress.best_us), fmt::format("hand {:.1f} us", progress.hand_us),
                change_text(progress.hand_us, progress.best_us), progress.best.algorithm};
        const double rate = gflops(progress.stage, progress.best_us, options_.images);
        if (rate > 0 && options_.fma_peak > 0)
            best.push_back(fmt::format("{:.0f} % of FMA peak{}", 100 * rate / options_.fma_peak,
                                       progress.best.algorithm == "winograd" ? " (as if direct)" : ""));
    }
    std::vector<std::string> time = {clock_text(progress.elapsed)};
    if (progress.budget > 0) {
        time[0] += fmt::format(" of {}", clock_text(progress.budget));
        time.push_back(fmt::format("{} left", clock_text(progress.budget - progress.elapsed)));
    }
    if (progress.trial_limit > 0) time.push_back(fmt::format("trial {} of {}", progress.trials, progress.trial_limit));
    time.push_back(fmt::format("{:.0f} a minute", rate(progress.elapsed)));
    return {fitted(progress.phase,
                   {progress.first_use, fmt::format("{} use{}", progress.uses, progress.uses == 1 ? "" : "s"),
                    progress.variant},
                   columns),
            fitted("best", best, columns),
            fitted("network",
                   {fmt::format("{:.3f} -> {:.3f} ms", progress.network_hand_us * 1e-3, progress.network_us * 1e-3),
                    change_text(progress.network_hand_us, progress.network_us)},
                   columns),
            fitted("time", time, columns), fitted("tried", {counted(progress, stopped_early_)}, columns)};
}

}  // namespace senetc::tune
