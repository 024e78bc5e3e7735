#include "generators/inspect/cpus.h"

#include "generators/inspect/machine.h"
#include "llvm/TargetParser/Host.h"

namespace senetc::inspect {

std::string host_cpu() {
    return llvm::sys::getHostCPUName().str();
}

bool is_cpu(const std::string& triple, const std::string& cpu) {
    return Machine(triple, "").subtarget->isCPUStringValid(cpu);
}

}  // namespace senetc::inspect
