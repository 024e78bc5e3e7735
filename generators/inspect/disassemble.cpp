#include "generators/inspect/disassemble.h"

#include <fmt/format.h>

#include <algorithm>

#include "llvm/TargetParser/Triple.h"
#include "models/error.h"

namespace senetc::inspect {
namespace {

constexpr unsigned kIntelSyntax = 1;  // what x86's makers use; AArch64 has one syntax

// "\tvfmadd231ps\tzmm0, zmm1, zmm2" -> "vfmadd231ps zmm0, zmm1, zmm2"
std::string tidy(std::string text) {
    std::replace(text.begin(), text.end(), '\t', ' ');
    return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

// A fused multiply-add of floats, of either architecture, vector or scalar.
bool is_fma(const std::string& text) {
    for (const char* name : {"vfmadd", "vfnmadd", "vfmsub", "vfnmsub", "fmla", "fmls", "fmadd", "fmsub", "fnmadd"})
        if (text.starts_with(name)) return true;
    return false;
}

}  // namespace

std::vector<Instruction> disassemble(const Function& function, const Machine& machine) {
    const std::unique_ptr<llvm::MCDisassembler> decoder(
        machine.target->createMCDisassembler(*machine.subtarget, *machine.context));
    const llvm::Triple& triple = machine.context->getTargetTriple();
    const std::unique_ptr<llvm::MCInstPrinter> printer(machine.target->createMCInstPrinter(
        triple, triple.isX86() ? kIntelSyntax : 0, *machine.assembly, *machine.instructions, *machine.registers));
    printer->setPrintBranchImmAsAddress(true);
    printer->setPrintImmHex(true);

    std::vector<Instruction> result;
    const auto* bytes = reinterpret_cast<const uint8_t*>(function.code.data());
    for (uint64_t at = 0, size = 0; at < function.code.size(); at += size) {
        Instruction instruction;
        instruction.address = function.address + at;
        if (decoder->getInstruction(instruction.code, size, {bytes + at, function.code.size() - at},
                                    instruction.address, llvm::nulls()) != llvm::MCDisassembler::Success)
            throw Error(
                fmt::format("{}: there is no instruction at {:#x}: the code is damaged, or for a newer CPU than "
                            "LLVM {} knows",
                            function.name, instruction.address, LLVM_VERSION_MAJOR));
        llvm::raw_string_ostream stream(instruction.text);
        const uint64_t origin = instruction.address + (triple.isX86() ? size : 0);  // what branches are relative to
        printer->printInst(&instruction.code, origin, "", *machine.subtarget, stream);
        instruction.text = tidy(instruction.text);
        const llvm::MCInstrDesc& description = machine.instructions->get(instruction.code.getOpcode());
        instruction.loads = description.mayLoad();
        instruction.stores = description.mayStore();
        instruction.fma = is_fma(instruction.text);
        uint64_t target = 0;
        if (machine.analysis->isConditionalBranch(instruction.code) &&
            machine.analysis->evaluateBranch(instruction.code, instruction.address, size, target))
            instruction.target = target;
        result.push_back(std::move(instruction));
    }
    return result;
}

}  // namespace senetc::inspect
