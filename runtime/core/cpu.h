// Which of the ABI's CPU features this CPU and its operating system have.
#pragma once

#include <cstddef>
#include <cstdint>

#include "senet/model_abi.h"

namespace senet {

// What CPUID and XGETBV answer; zeros where they don't exist.
struct CpuRegisters {
    uint32_t leaf1_ecx = 0, leaf7_ebx = 0;
    uint64_t xcr0 = 0;  // the register states that the operating system saves
};

CpuRegisters read_cpu();

// The SENET_CPU_* bits that these registers grant.
uint64_t cpu_features(const CpuRegisters& cpu);

// Writes the names that `features` needs and the CPU lacks, e.g. "avx2, fma"; "" if it has them all.
void list_missing(const CpuRegisters& cpu, uint64_t features, char* text, size_t bytes);

}  // namespace senet
