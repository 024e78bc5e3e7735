// Numbers of a tuning run as people read them.
#pragma once

#include <string>

#include "generators/compiler/stage.h"

namespace senetc::tune {

std::string clock_text(double seconds);                // "0:42:10"
std::string change_text(double before, double after);  // "-5.6 %"; "" without a before

// FLOPs of a direct evaluation, padding counted, by the time of a call: GFLOP/s; 0 for what only moves data. An
// algorithm that needs fewer multiplications, such as Winograd's, may exceed the FMA peak by that count.
double gflops(const Stage& stage, double us, int images);

}  // namespace senetc::tune
