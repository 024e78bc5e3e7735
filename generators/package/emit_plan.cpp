#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "generators/package/plan_module.h"
#include "generators/package/write_file.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "models/error.h"

namespace senetc::package {
namespace {

std::unique_ptr<llvm::TargetMachine> target_machine(const std::string& triple) {
    static const bool ready = [] {
        llvm::InitializeAllTargetInfos();
        llvm::InitializeAllTargets();
        llvm::InitializeAllTargetMCs();
        llvm::InitializeAllAsmPrinters();
        llvm::InitializeAllAsmParsers();  // for the weights' section
        return true;
    }();
    (void)ready;
    std::string why;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, why);
    if (!target) throw Error(fmt::format("can't package for '{}': LLVM says: {}", triple, why));
    return std::unique_ptr<llvm::TargetMachine>(
        target->createTargetMachine(triple, "", "", llvm::TargetOptions(), llvm::Reloc::PIC_));
}

void write_object(llvm::Module& module, llvm::TargetMachine& machine, llvm::raw_pwrite_stream& out) {
    llvm::legacy::PassManager passes;
    if (machine.addPassesToEmitFile(passes, out, nullptr, llvm::CodeGenFileType::ObjectFile))
        throw Error(fmt::format("LLVM can't write objects for '{}'", module.getTargetTriple()));
    passes.run(module);
}

}  // namespace

void emit_plan(const PackageInput& input, const FileHash& weights, const std::string& object) {
    llvm::LLVMContext context;
    llvm::Module module(input.plan.name, context);
    const auto machine = target_machine(input.triple);
    module.setTargetTriple(input.triple);
    module.setDataLayout(machine->createDataLayout());
    module.setPICLevel(llvm::PICLevel::BigPIC);
    llvm::GlobalVariable* model = add_tables(module, input, weights);
    add_query(module, input.plan.name, model);
    add_forwards(module);
    const auto& variants = input.plan.variants;
    if (std::any_of(variants.begin(), variants.end(),
                    [](const PlanVariant& v) { return v.device != SENET_DEVICE_CPU; }))
        add_gpu_forwards(module);
    write_file(object, [&](llvm::raw_pwrite_stream& out) { write_object(module, *machine, out); });
}

}  // namespace senetc::package
