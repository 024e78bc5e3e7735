// The hand schedules' numbers, one function per stage kind and target family; choose_schedule calls them.
#pragma once

#include "generators/compiler/stage.h"

namespace senetc {

Schedule choose_conv_avx512(const Stage& stage);
Schedule choose_conv_avx2(const Stage& stage);
Schedule choose_map(const Stage& stage, int lanes);  // depthwise conv, pooling, elementwise
Schedule choose_vector(const Stage& stage);          // squeeze, excite, dense
Schedule choose_ingest(const Stage& stage);

}  // namespace senetc
