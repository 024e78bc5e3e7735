// A kernel's PTX made into code for GPU architectures by ptxas, NVIDIA's assembler, so that opening a model needs no
// compiler.
#pragma once

#include <string>
#include <vector>

#include "generators/package/plan.h"

namespace senetc {

struct Ptxas {
    std::string path, version;  // version: "13.0.88"
};

// Of $PATH, $CUDA_HOME/bin or /usr/local/cuda/bin. Throws Error when there is none, or none that runs.
Ptxas find_ptxas();

// For which architectures, and what makes it. None: the model is compiled by the driver that opens it.
struct Cubins {
    std::vector<int> capabilities;  // 10 * major + minor, without repeats
    Ptxas ptxas;
};
std::string to_string(const Cubins& cubins);   // "", or " sm_80 sm_90 by ptxas 13.0.88"
std::string arch_names(const Cubins& cubins);  // "sm_80,sm_90"

// "sm_80" -> 80. Throws Error.
Cubins parse_cuda_archs(const std::vector<std::string>& names);

// Throws Error with ptxas's words.
std::vector<PlanGpuCode> assemble(const std::string& ptx, const Cubins& cubins);

}  // namespace senetc
