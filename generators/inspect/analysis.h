// What a kernel's code is made of.
#pragma once

#include "generators/inspect/inner_loop.h"
#include "generators/inspect/library.h"

namespace senetc::inspect {

struct Analysis {
    std::vector<std::vector<Instruction>> functions;  // as the kernel's
    size_t hottest = 0;                               // the function that has the inner loop
    std::optional<InnerLoop> loop;                    // of all functions' the one with the most work
};

Analysis analyse(const Kernel& kernel, const Machine& machine);

// For tables.
std::string density_text(const InnerLoop& loop);  // "28/33"
std::string spills_text(const InnerLoop& loop);   // "0", or "2+3": stores and loads

}  // namespace senetc::inspect
