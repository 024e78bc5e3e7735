// Numbers as people read them.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "generators/package/plan.h"

namespace senetc::inspect {

inline std::string bytes_text(uint64_t bytes) {
    if (bytes < 10'000) return fmt::format("{} B", bytes);
    return bytes < 10'000'000 ? fmt::format("{:.0f} kB", double(bytes) / 1e3)
                              : fmt::format("{:.1f} MB", double(bytes) / 1e6);
}

// "64 x 56 x 56": channels, height, width; a vector's channels alone.
inline std::string shape_text(const PlanStep& step) {
    return step.height == 0 ? fmt::format("{}", step.channels)
                            : fmt::format("{}x{}x{}", step.channels, step.height, step.width);
}

inline double share(uint64_t part, uint64_t whole) {
    return whole == 0 ? 0 : 100.0 * double(part) / double(whole);
}

inline uint64_t total_flops(const PlanVariant& variant) {
    uint64_t sum = 0;
    for (const PlanStep& step : variant.steps) sum += step.flops;
    return sum;
}

}  // namespace senetc::inspect
