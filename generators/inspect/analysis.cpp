#include "generators/inspect/analysis.h"

#include <fmt/format.h>

namespace senetc::inspect {

Analysis analyse(const Kernel& kernel, const Machine& machine) {
    Analysis analysis;
    const bool computes = kernel.ptx.empty();  // else it launches what does
    for (const Function& function : kernel.functions) {
        analysis.functions.push_back(disassemble(function, machine));
        const std::optional<InnerLoop> loop = find_inner_loop(analysis.functions.back());
        if (!loop || !computes || (analysis.loop && loop->work <= analysis.loop->work)) continue;
        analysis.loop = loop;
        analysis.hottest = analysis.functions.size() - 1;
    }
    return analysis;
}

std::string density_text(const InnerLoop& loop) {
    return fmt::format("{}/{}", loop.fmas, loop.instructions);
}

std::string spills_text(const InnerLoop& loop) {
    if (loop.stack_stores + loop.stack_loads == 0) return "0";
    return fmt::format("{}+{}", loop.stack_stores, loop.stack_loads);
}

}  // namespace senetc::inspect
