// What a run of a measuring program left: read as a measurement, or as the reason why there is none.
#pragma once

#include <string>

#include "generators/tune/measurement.h"

namespace senetc::measure {

struct RunOutput {
    int status = 0;              // as waitpid gives it
    bool here = true;            // the program itself; false: a user's command, whose status may be its own
    bool took_too_long = false;  // and was ended
    bool said_too_much = false;  // likewise
    int limit_seconds = 0;
    std::string out, err;  // err: its beginning
};

constexpr size_t kMostOutput = 64 * 1024;

// Everything that the program prints may be among other lines; there must be one measurement. `seconds` is not set.
tune::Measurement read_measurement(const RunOutput& output);

}  // namespace senetc::measure
