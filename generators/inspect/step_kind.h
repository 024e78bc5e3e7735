// What kind of work a step does, for the colours of drawings.
#pragma once

#include <string>
#include <vector>

#include "generators/package/plan.h"

namespace senetc::inspect {

struct StepKind {
    const char *id, *name, *colour;  // the id names a class of CSS
};

// In the order of legends.
const std::vector<StepKind>& step_kinds();
const StepKind& kind_of(const PlanStep& step);

}  // namespace senetc::inspect
