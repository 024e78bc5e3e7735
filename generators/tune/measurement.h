// What measuring a candidate gave: the values that evaluator, journal, strategy and report share.
#pragma once

#include <string>

#include "generators/compiler/stage.h"

namespace senetc::tune {

// A schedule to try for a stage.
struct Candidate {
    Stage stage;
    std::string variant;  // of generators/compiler/targets.h
    Schedule schedule;
    int effort = 1;  // measure it that many times as long as usual: the finalists of a search
    auto operator<=>(const Candidate&) const = default;
};

enum class Outcome {
    ok,
    refused,          // Halide says that the schedule doesn't fit
    compile_crash,    // the compiling child died, or ran out of memory
    compile_timeout,  // it took longer than its limit
    wrong,            // the kernel's output differs from the oracle's by more than float allows
    crash,            // the measuring program died
    timeout,          // it took longer than its limit
    lost,             // the runner's command failed or gave no measurement: says nothing about the schedule
};
const char* to_string(Outcome outcome);
Outcome parse_outcome(const std::string& text);  // throws Error

// The least time of one call, in microseconds. Warm: called again and again. Cold: parameters come from memory, as
// within a network whose weights exceed the caches.
struct Times {
    double warm = 0, cold = 0;
    double of(bool is_cold) const { return is_cold ? cold : warm; }
};

struct Measurement {
    Outcome outcome = Outcome::ok;
    std::string message;         // one sentence; "" when ok
    Times candidate, incumbent;  // interleaved in one run; the incumbent is the hand schedule
    double error = 0;    // the largest difference from the oracle, relative to what is allowed: at most 1 when ok
    double seconds = 0;  // that compiling, linking and running took
    bool stopped_early = false;  // clearly slower than the incumbent: times of a few calls
};

}  // namespace senetc::tune
