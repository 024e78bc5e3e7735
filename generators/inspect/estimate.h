// llvm-mca's estimate of a loop: its simulation of one CPU's pipeline, in this process.
#pragma once

#include <string>
#include <vector>

#include "generators/inspect/disassemble.h"

namespace senetc::inspect {

struct Estimate {
    double cycles = 0;       // of one turn of the loop
    std::string bottleneck;  // "port Zn4FP1, busy 99 % of the time"
    int unknown = 0;         // instructions that the CPU's model doesn't have, left out
};

Estimate estimate(const std::vector<Instruction>& loop, const Machine& machine);

// How far LLVM's model of this CPU is to be trusted, in sentences.
std::vector<std::string> trust(const Machine& machine);

}  // namespace senetc::inspect
