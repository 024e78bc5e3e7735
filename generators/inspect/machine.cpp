#include "generators/inspect/machine.h"

#include <fmt/format.h>

#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Triple.h"
#include "models/error.h"

namespace senetc::inspect {
namespace {

const llvm::Target* find_target(const std::string& triple) {
    static const bool ready = [] {
        llvm::InitializeAllTargetInfos();
        llvm::InitializeAllTargetMCs();
        llvm::InitializeAllDisassemblers();
        llvm::InitializeAllTargetMCAs();
        return true;
    }();
    (void)ready;
    std::string why;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, why);
    if (!target) throw Error(fmt::format("can't disassemble for '{}': LLVM says: {}", triple, why));
    return target;
}

// x86's disassembler knows all instructions anyway; AArch64's must be told so.
std::string features(const std::string& triple, const std::string& cpu) {
    return cpu.empty() && llvm::Triple(triple).isAArch64() ? "+all" : "";
}

}  // namespace

Machine::Machine(const std::string& triple, const std::string& cpu)
    : target(find_target(triple)),
      registers(target->createMCRegInfo(triple)),
      assembly(target->createMCAsmInfo(*registers, triple, llvm::MCTargetOptions())),
      instructions(target->createMCInstrInfo()) {
    const std::unique_ptr<llvm::MCSubtargetInfo> any(target->createMCSubtargetInfo(triple, "", ""));
    if (!cpu.empty() && !any->isCPUStringValid(cpu))
        throw Error(fmt::format("--cpu {}: LLVM knows no such CPU of {}; `llc -march={} -mcpu=help` lists them", cpu,
                                target->getName(), target->getName()));
    subtarget.reset(target->createMCSubtargetInfo(triple, cpu, features(triple, cpu)));
    analysis.reset(target->createMCInstrAnalysis(instructions.get()));
    context = std::make_unique<llvm::MCContext>(llvm::Triple(triple), assembly.get(), registers.get(), subtarget.get());
}

}  // namespace senetc::inspect
