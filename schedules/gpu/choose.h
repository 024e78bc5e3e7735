// The GPU schedules' numbers. All are computed from what NVIDIA says of the H100 (132 SMs), for one image and for 32;
// none was measured on a GPU.
#pragma once

#include "generators/compiler/stage.h"

namespace senetc::gpu {

Schedule choose(const Stage& stage);  // of any stage
Schedule choose_direct_conv(const Stage& stage);
Schedule choose_winograd(const Stage& stage, int m);
int choose_winograd_tile(const Stage& stage);  // 0 where the direct convolution is better
Schedule choose_map(const Stage& stage);       // depthwise conv, pooling, elementwise
Schedule choose_vector(const Stage& stage);    // squeeze, window_means, excite, dense, ingest

}  // namespace senetc::gpu
