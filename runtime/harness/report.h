// The one line that a measuring program prints.
#pragma once

#include <cstddef>

namespace senet {

// From now on a crash, or `limit_seconds` (0: none), is reported, too: with the name of what runs then.
void report_unexpected_ends(unsigned limit_seconds);
void now_runs(const char* what);  // "the candidate", "the incumbent"; a literal

struct TimesReport {
    double warm_us, cold_us;
};
struct MeasurementReport {
    double error;
    int rounds;
    bool stopped_early;
    const char* cold;  // what cold calls' parameters came from; nullptr: there were none
    TimesReport candidate, incumbent;
};

// Print the line and end the program.
[[noreturn]] void report_line(const char* line, size_t bytes);
[[noreturn]] void report_measurement(const MeasurementReport& measurement);
// status: "wrong", "crash", "failed"
[[noreturn]] void report_failure(const char* status, const char* format, ...) __attribute__((format(printf, 2, 3)));

}  // namespace senet
