#include "generators/tune/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace senetc::tune {

std::string clock_text(double seconds) {
    const int64_t whole = int64_t(std::max(seconds, 0.0));
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string change_text(double before, double after) {
    return before > 0 ? fmt::format("{:+.1f} %", 100 * (after / before - 1)) : "";
}

double gflops(const Stage& stage, double us, int images) {
    return us > 0 ? double(flops(stage)) * images / us * 1e-3 : 0;
}

}  // namespace senetc::tune
