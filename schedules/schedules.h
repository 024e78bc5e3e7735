// Chooses the schedule for a stage on a variant's instruction set: hand-written rules today, tuned tables over them
// later.
#pragma once

#include <string>

#include "generators/compiler/stage.h"

namespace senetc {

// variant: a name of generators/compiler/targets.h. Every stage gets one; unknown generators are a bug and throw
// std::logic_error.
Schedule choose_schedule(const Stage& stage, const std::string& variant);

}  // namespace senetc
