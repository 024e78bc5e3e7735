// A stage with several legal schedules, and a table of it.
#pragma once

#include "generators/compiler/stage.h"
#include "schedules/tuned/table.h"

namespace senetc::test {

// A 3x3 convolution of 32 channels at 14 x 14.
Stage example_conv();
Schedule example_direct();    // one for AVX-512, which isn't what the hand rules say
Schedule example_winograd();  // F(2 x 2)

// One entry, for avx512 and example_conv by example_direct; its hash is that of the algorithm.
ScheduleTable example_table();

// `text` with the first `part` replaced, which must be there.
std::string replaced(std::string text, const std::string& part, const std::string& by);

}  // namespace senetc::test
