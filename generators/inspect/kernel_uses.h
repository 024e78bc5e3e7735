// A variant's kernels with the steps that call them.
#pragma once

#include <string>
#include <vector>

#include "generators/inspect/library.h"

namespace senetc::inspect {

struct KernelUse {
    std::string name;                    // "k_58ea1151d8da0f8d"
    std::vector<const PlanStep*> steps;  // that call it, in their order; at least one
    uint64_t flops = 0;                  // of all of them, per image
};

// "hand", "tuned:sapphirerapids": who chose the kernel's schedule; several where equal schedules come from several.
std::string sources_of(const KernelUse& use);

// How many kernels each source scheduled: "3 hand, 58 tuned:sapphirerapids".
std::string sources_text(const PlanVariant& variant);

// In the order of first use; the two ingest kernels come first.
std::vector<KernelUse> kernel_uses(const PlanVariant& variant);

// "58ea11": enough of a kernel's name to tell it from the library's others.
std::string short_name(const std::string& kernel);

// The kernel of a step, or one by its name or a beginning of it. Throws Error that says where names are listed.
KernelUse find_kernel(const Library& library, const PlanVariant& variant, const std::string& name);

}  // namespace senetc::inspect
