// Where a kernel spends its time, and what is in there: of its innermost loops the one with the most multiply-adds,
// where those of a loop within loops count more.
#pragma once

#include <optional>
#include <vector>

#include "generators/inspect/disassemble.h"

namespace senetc::inspect {

struct InnerLoop {
    size_t first = 0, last = 0;  // instructions of the function, inclusive; the last is the branch back
    int instructions = 0, fmas = 0;
    int stack_stores = 0, stack_loads = 0;  // of values that found no register
    double work = 0;                        // estimated multiply-adds of one call, to compare loops by
};

// Nothing when the function has no loop.
std::optional<InnerLoop> find_inner_loop(const std::vector<Instruction>& function);

}  // namespace senetc::inspect
