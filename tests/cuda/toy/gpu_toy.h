// The toy network of tests/runtime/toy as senetc would build it for CUDA devices: entries that load a module and launch
// its kernels through the GPU context. The fake driver runs the kernels, which compute what the toy's CPU kernels do;
// `box` is two of them, with scratch between.
#pragma once

#include "senet/model_abi.h"

namespace gpu_toy {

// Defines the kernels in the fake driver.
void define_kernels();

// What box1's entry does beside its work.
enum class Behaviour { right, returns_seven, more_scratch_for_one, uncountable_scratch, launches_unloaded };
void behave(Behaviour behaviour);

}  // namespace gpu_toy

extern "C" {
const senet_model_v1_t* senet_model_gpu_toy(uint32_t abi_version);        // variants cuda (7.0), plain
const senet_model_v1_t* senet_model_gpu_toy_alone(uint32_t abi_version);  // cuda
const senet_model_v1_t* senet_model_gpu_toy_coded(uint32_t abi_version);  // cuda, with cubins for 8.0, 8.6 and 9.0
}
