// Stages that come as text from files are checked before anything is computed from them.
#pragma once

#include "generators/compiler/stage.h"

namespace senetc {

// Throws Error for an unknown generator, for a parameter that it hasn't, that is missing, or out of its range.
void check_stage(const Stage& stage);

// One whole number of a stage or schedule.
struct NumberRange {
    const char* name;
    int least, most;
    bool optional = false;
};
// Throws Error, which quotes `text`, unless `value` is in the range.
void check_range(const NumberRange& range, int value, const std::string& text);

}  // namespace senetc
