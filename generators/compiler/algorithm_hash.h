// What a generator computes for a stage, as a hash: equal hashes mean equal mathematics, however it is scheduled. A
// measured schedule is good for the algorithm that it was measured with.
#pragma once

#include <string>

#include "generators/compiler/stage.h"

namespace senetc {

// XXH3-64 of the definitions of all Funcs, as 16 hexadecimal digits; the same in every process. The schedule's part in
// the algorithm counts (Winograd's m, what a sum is of), its loops don't. Nothing is compiled; Halide runs in a child
// process, so that its counters stay as they are here. Throws Error when the generator refuses stage or schedule.
std::string algorithm_hash(const Stage& stage, const Schedule& schedule, const std::string& variant);

}  // namespace senetc
