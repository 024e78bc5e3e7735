// What ptxas wrote down of the kernels in a cubin.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace senetc::inspect {

struct CubinKernel {
    std::string name;
    uint32_t registers = 0;    // of a thread
    uint32_t stack_bytes = 0;  // of a thread: arrays in memory, and registers that were spilled
};

// In the order of the file. Empty for bytes that are no cubin.
std::vector<CubinKernel> cubin_kernels(const std::string& cubin);

}  // namespace senetc::inspect
