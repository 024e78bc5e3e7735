// A hand-made model that implements the ABI with kernels in C++: all that sessions do, in a few lines per kernel.
//
//     image [3][5][7] -> ingest -> map0 (halo 1) -> conv 3x3, 20 channels, rows in parallel -> map1 (halo 1)
//       -> box: 3x3 sums with scratch, planes in parallel -> map2 (halo 1, over map0's memory) -> box -> map3
//       -> squeeze -> vector [20] -> dense -> logits [5]
// Variants: "future" needs a CPU feature that no CPU has; "plain" runs anywhere; "greedy" asks for more scratch than it
// planned; "failing" has a kernel that returns 7.
#pragma once

#include "senet/model_abi.h"

namespace toy {

constexpr int kChannels = 3, kHeight = 5, kWidth = 7, kFeatures = 20, kClasses = 5, kLanes = 16;
constexpr int kConvWeights = kFeatures * kChannels * 9;  // [feature][channel][y][x]
constexpr int kDenseWeights = kClasses * kFeatures;      // [class][feature]
constexpr uint64_t kFutureFeature = 1ull << 40;

// What both the kernels and the tests' plain evaluation compute with.
const float* weights();  // conv, then dense

}  // namespace toy

extern "C" __attribute__((visibility("default"))) const senet_model_v1_t* senet_model_toy(uint32_t abi_version);
