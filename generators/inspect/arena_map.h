// Where every value of a plan lies in the arena and when: the memory plan, read back from its tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generators/package/plan.h"

namespace senetc::inspect {

struct ArenaValue {
    std::string name;                // of the step that writes it; "layer1.0.conv1 sums" for the sums beside a map
    uint64_t offset = 0, bytes = 0;  // per image
    int first = 0, last = 0;  // steps, inclusive: written in `first`, read for the last time in `last`; 0: ingest
};

// In the order in which they are written. Step i of the plan is number i + 1, after the ingest.
std::vector<ArenaValue> arena_map(const PlanVariant& variant);

}  // namespace senetc::inspect
