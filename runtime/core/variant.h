// The choice of a model's variant, once for the whole model.
#pragma once

#include "runtime/core/cpu.h"
#include "senet/senet.h"

namespace senet {

// name == nullptr: the first (best) that the CPU runs. A variant that the CPU doesn't run is refused even by name.
senet_status choose_variant(const senet_model_v1_t& model, const CpuRegisters& cpu, const char* name,
                            const senet_variant_v1_t** variant);

}  // namespace senet
