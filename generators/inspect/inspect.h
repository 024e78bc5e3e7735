// What senetc inspect says of a library's file.
#pragma once

#include <string>
#include <vector>

#include "generators/inspect/library.h"

namespace senetc::inspect {

// Who made it and what is in it; then steps, kernels and arena map of the variants (by default the best).
std::string overview(const Library& library, const std::vector<std::string>& variants);

// One kernel: its inner loop, LLVM's estimate of that for a CPU ("": the target's usual one), its disassembly. `name`:
// of a step or of a kernel.
std::string kernel_report(const Library& library, const std::vector<std::string>& variants, const std::string& name,
                          const std::string& cpu);

// The plan drawn, as one file of HTML that needs no other.
std::string html(const Library& library, const std::vector<std::string>& variants);

}  // namespace senetc::inspect
