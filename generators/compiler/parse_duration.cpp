#include "generators/compiler/parse_duration.h"

#include <fmt/format.h>

#include <charconv>

#include "models/error.h"

namespace senetc {

namespace {

double seconds_of(char unit) {
    return unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 0;
}

}  // namespace

double parse_duration(const std::string& flag, const std::string& text) {
    double seconds = 0;
    const char *at = text.data(), *const end = at + text.size();
    bool right = at != end;
    while (right && at != end) {
        double count = 0;
        const auto [unit, error] = std::from_chars(at, end, count, std::chars_format::fixed);
        right = error == std::errc() && unit != end && seconds_of(*unit) > 0 && count >= 0;
        if (!right) break;
        seconds += count * seconds_of(*unit);
        at = unit + 1;
    }
    if (!right || !(seconds >= 1) || seconds > 3e8)
        throw Error(
            fmt::format("{} '{}' is not a time; write seconds, minutes or hours, e.g. {} 20m", flag, text, flag));
    return seconds;
}

}  // namespace senetc
