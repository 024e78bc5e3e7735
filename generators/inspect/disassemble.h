// Code as instructions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generators/inspect/library.h"
#include "generators/inspect/machine.h"

namespace senetc::inspect {

struct Instruction {
    uint64_t address = 0;
    std::string text;  // "vfmadd231ps zmm0, zmm30, zmmword ptr [rcx]"
    llvm::MCInst code;
    bool loads = false, stores = false, fma = false;
    std::optional<uint64_t> target;  // of a conditional branch within the function
};

// Throws Error when bytes are no instruction.
std::vector<Instruction> disassemble(const Function& function, const Machine& machine);

}  // namespace senetc::inspect
