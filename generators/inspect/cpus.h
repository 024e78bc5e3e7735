// CPUs by LLVM's names.
#pragma once

#include <string>

namespace senetc::inspect {

std::string host_cpu();  // this machine's: "sapphirerapids", "znver4"; "generic" where LLVM can't tell

// Whether LLVM knows such a CPU of the triple's architecture.
bool is_cpu(const std::string& triple, const std::string& cpu);

}  // namespace senetc::inspect
