// Zeroes the cells around a map, which padded convolutions read.
#pragma once

#include "senet/model_abi.h"

namespace senet {

// storage: the step's halo view, bound: (c, x, y, block, image) with mins the negated halo widths. Touches the cells
// outside [0, interior_width) x [0, interior_height) of its images, and no others.
void zero_halo(const senet_kernel_buffer_v1_t& storage, uint32_t interior_width, uint32_t interior_height);

}  // namespace senet
