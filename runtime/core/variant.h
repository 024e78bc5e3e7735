// The choice of a model's variant, once for the whole model.
#pragma once

#include "runtime/core/cpu.h"
#include "senet/senet.h"

namespace senet {

// name == nullptr: the first (best) of those for CPUs that this one runs. By name it may be a GPU's, whose kernels'
// entries the CPU calls. A variant that the CPU doesn't run is refused even by name.
senet_status choose_variant(const senet_model_v1_t& model, const CpuRegisters& cpu, const char* name,
                            const senet_variant_v1_t** variant);

bool runs(const CpuRegisters& cpu, const senet_variant_v1_t& variant);

}  // namespace senet
