// The kernels' two halves: host code that launches them, and what they compute.
#pragma once

#include <cstdint>

#include "senet/model_abi.h"

namespace gpu_toy {

// Calls: 0 and 1 are the ingests, then the steps conv, box1, box2, squeeze, dense.
constexpr uint32_t kNumCalls = 7, kBox1 = 3, kBox2 = 4;

senet_kernel_v1_t entry_of(uint32_t call);
const char* ptx_of(uint32_t call);

}  // namespace gpu_toy
