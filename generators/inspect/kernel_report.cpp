#include <fmt/format.h>

#include "generators/compiler/targets.h"
#include "generators/inspect/analysis.h"
#include "generators/inspect/cubin.h"
#include "generators/inspect/estimate.h"
#include "generators/inspect/inspect.h"
#include "generators/inspect/kernel_uses.h"
#include "models/error.h"

namespace senetc::inspect {
namespace {

std::string steps_text(const KernelUse& use) {
    const size_t others = use.steps.size() - 1;
    return use.steps[0]->name + (others ? fmt::format(" and {} other step{}", others, others == 1 ? "" : "s") : "");
}

std::string loop_text(const Analysis& analysis) {
    if (!analysis.loop) return "none: the code runs straight through";
    const InnerLoop& loop = *analysis.loop;
    const std::vector<Instruction>& code = analysis.functions[analysis.hottest];
    const std::string spills =
        loop.stack_stores + loop.stack_loads == 0
            ? "no spills"
            : fmt::format("{} stores to the stack and {} loads from it", loop.stack_stores, loop.stack_loads);
    return fmt::format("{:x} to {:x}: {} instructions, {} of them multiply-adds ({:.0f} %), {}",
                       code[loop.first].address, code[loop.last].address, loop.instructions, loop.fmas,
                       100.0 * loop.fmas / loop.instructions, spills);
}

std::string estimate_text(const Analysis& analysis, const Library& library, const std::string& cpu) {
    const InnerLoop& loop = *analysis.loop;
    const std::vector<Instruction>& code = analysis.functions[analysis.hottest];
    const Machine machine(find_target(library.target).triple, cpu);
    const Estimate result =
        estimate({code.begin() + std::ptrdiff_t(loop.first), code.begin() + std::ptrdiff_t(loop.last) + 1}, machine);
    std::string text = fmt::format("llvm-mca    {}: {:.1f} cycles a turn, {:.2f} multiply-adds a cycle, bound by {}\n",
                                   cpu, result.cycles, loop.fmas / result.cycles, result.bottleneck);
    if (result.unknown)
        text += fmt::format("            without {} instructions that LLVM's model of the CPU doesn't know\n",
                            result.unknown);
    for (const std::string& sentence : trust(machine)) text += fmt::format("            {}\n", sentence);
    return text;
}

// Instructions of the inner loop have a bar before them.
std::string disassembly(const Kernel& kernel, const Analysis& analysis) {
    std::string text;
    for (size_t f = 0; f < kernel.functions.size(); ++f) {
        text += fmt::format("\n{}:\n", kernel.functions[f].name);
        for (size_t i = 0; i < analysis.functions[f].size(); ++i) {
            const bool inner =
                analysis.loop && f == analysis.hottest && i >= analysis.loop->first && i <= analysis.loop->last;
            const Instruction& instruction = analysis.functions[f][i];
            text += fmt::format("  {:x} {} {}\n", instruction.address, inner ? '|' : ' ', instruction.text);
        }
    }
    return text;
}

// Whose work is done by what it launches.
std::string gpu_text(const KernelUse& use, const Kernel& kernel, const PlanVariant& variant) {
    std::string text =
        fmt::format("entry       {} bytes of host code, which launches\n", kernel.bytes() - kernel.ptx.size());
    text += fmt::format("PTX         {} bytes, for compute capability {}.{} or later\n", kernel.ptx.size(),
                        variant.capability / 10, variant.capability % 10);
    for (const PlanGpuCode& code : use.steps[0]->gpu_code) {
        text += fmt::format("sm_{:<8} {} bytes\n", code.capability, code.cubin.size());
        for (const CubinKernel& launched : cubin_kernels(code.cubin))
            text += fmt::format("            {}: {} registers and {} bytes of stack a thread\n", launched.name,
                                launched.registers, launched.stack_bytes);
    }
    return text + "\n" + kernel.ptx;
}

std::string of_variant(const Library& library, const PlanVariant& variant, const std::string& name,
                       const std::string& cpu) {
    const KernelUse use = find_kernel(library, variant, name);
    const Kernel& kernel = library.kernels.at(use.name);
    std::string text = fmt::format("{}, variant {}\n", steps_text(use), variant.name);
    text += fmt::format("kernel      {}\n", use.steps[0]->kernel);
    text += fmt::format("schedule    {} ({})\n", use.steps[0]->schedule, sources_of(use));
    if (!kernel.ptx.empty()) return text + gpu_text(use, kernel, variant);
    const Analysis analysis = analyse(kernel, Machine(find_target(library.target).triple, ""));
    text += fmt::format("code        {} bytes in {} functions called {}\n", kernel.bytes(), kernel.functions.size(),
                        use.name);
    text += fmt::format("inner loop  {}\n", loop_text(analysis));
    if (analysis.loop) text += estimate_text(analysis, library, cpu);
    return text + disassembly(kernel, analysis);
}

}  // namespace

std::string kernel_report(const Library& library, const std::vector<std::string>& variants, const std::string& name,
                          const std::string& cpu) {
    const std::string chosen = cpu.empty() ? find_target(library.target).mca_cpu : cpu;
    std::string text;
    for (const PlanVariant* variant : find_variants(library, variants)) {
        if (!cpu.empty() && variant->device != SENET_DEVICE_CPU)
            throw Error(
                fmt::format("--cpu {}: llvm-mca estimates for CPUs, and {} is for GPUs; name another with --variants",
                            cpu, variant->name));
        if (!text.empty()) text += '\n';
        text += of_variant(library, *variant, name, chosen);
    }
    return text;
}

}  // namespace senetc::inspect
