// A plan drawn: steps from left to right; above, each one's multiply-adds and moved bytes, below, what lies in the
// arena.
#pragma once

#include <string>

#include "generators/package/plan.h"

namespace senetc::inspect {

// An <svg> element whose colours are the classes of step_kinds().
std::string draw_plan(const PlanVariant& variant);

}  // namespace senetc::inspect
