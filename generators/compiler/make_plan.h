// From stages to the tables of one variant: every kernel's arguments as views of the arena, the weights or the caller's
// buffers, with the arena planned by lifetimes.
#pragma once

#include <map>
#include <string>

#include "generators/compiler/kernel.h"
#include "generators/compiler/lower.h"
#include "generators/compiler/packed_weights.h"
#include "generators/package/plan.h"

namespace senetc {

// What a variant's steps run: by the kernel's text.
struct VariantKernel {
    KernelSpec spec;
    int64_t scratch_bytes = 0;
    std::vector<PlanGpuCode> gpu_code = {};
};
using VariantKernels = std::map<std::string, VariantKernel>;

// What a step runs.
KernelSpec kernel_of(const LoweredStep& step, const KernelTarget& target);

PlanVariant make_variant(const Lowered& lowered, const KernelTarget& target, const VariantKernels& kernels,
                         PackedWeights& weights);

// One line a step: offset and bytes in the arena, kernel, halo (senetc build --dump plan).
std::string to_string(const PlanVariant& variant);

}  // namespace senetc
