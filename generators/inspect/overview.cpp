#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generators/compiler/targets.h"
#include "generators/inspect/analysis.h"
#include "generators/inspect/arena_map.h"
#include "generators/inspect/inspect.h"
#include "generators/inspect/kernel_uses.h"
#include "generators/inspect/text_forms.h"

namespace senetc::inspect {
namespace {

constexpr int kTimelineColumns = 48;

std::string line(const char* what, const std::string& value) {
    return fmt::format("{:<12} {}\n", what, value);
}

uint64_t code_bytes(const Library& library, const PlanVariant& variant) {
    uint64_t bytes = 0;
    for (const KernelUse& use : kernel_uses(variant)) bytes += library.kernels.at(use.name).bytes();
    return bytes;
}

// "", or which GPUs run it, and for which there is code that needs no compiler.
std::string gpus_text(const PlanVariant& variant) {
    if (variant.device == SENET_DEVICE_CPU) return "";
    std::vector<std::string> cubins;
    for (const PlanGpuCode& code : variant.steps[0].gpu_code) cubins.push_back(fmt::format("sm_{}", code.capability));
    return fmt::format(", for GPUs of compute capability {}.{} or later{}", variant.capability / 10,
                       variant.capability % 10,
                       cubins.empty() ? "" : fmt::format(", with cubins for {}", fmt::join(cubins, ", ")));
}

std::string heading(const Library& library) {
    const Plan& plan = library.plan;
    std::string text = line("name", plan.name) + line("description", plan.description);
    text += line("made by", plan.producer + " " + plan.flags) + line("build id", library.build_id);
    text += line("target", library.target);
    text += line("weights",
                 fmt::format("{}{}, hash {}", bytes_text(library.weights_bytes),
                             library.weights_file.empty() ? "" : " in " + library.weights_file, library.weights_hash));
    for (const PlanVariant& variant : plan.variants)
        text +=
            line(&variant == &plan.variants[0] ? "variants" : "",
                 fmt::format("{}: {} steps, {} kernels of {}, {:.1f} MFLOP, arena {} an image, scratch {} a thread{}",
                             variant.name, variant.steps.size(), kernel_uses(variant).size(),
                             bytes_text(code_bytes(library, variant)), double(total_flops(variant)) / 1e6,
                             bytes_text(variant.arena_bytes), bytes_text(variant.scratch_bytes), gpus_text(variant)));
    for (const PlanVariant& variant : plan.variants)
        text += line(&variant == &plan.variants[0] ? "schedules" : "",
                     fmt::format("{}: {}", variant.name, sources_text(variant)));
    return text;
}

std::string step_table(const PlanVariant& variant) {
    std::string text =
        fmt::format("\nsteps of {}\n{:>4} {:<28} {:>14} {:>9} {:>6} {:>9} {:>7} {:>6}  {}\n", variant.name, "", "name",
                    "output", "MFLOP", "%", "moves", "FLOP/B", "kernel", "stage");
    const auto row = [&](const std::string& number, const PlanStep& step) {
        text += fmt::format("{:>4} {:<28} {:>14} {:>9.3f} {:>6.2f} {:>9} {:>7.1f} {:>6}{}\n", number, step.name,
                            shape_text(step), double(step.flops) / 1e6, share(step.flops, total_flops(variant)),
                            bytes_text(step.bytes), double(step.flops) / double(std::max<uint64_t>(step.bytes, 1)),
                            short_name(step.entry), step.stage.empty() ? "" : "  " + step.stage);
    };
    row("f32", variant.ingest[0]);
    row("u8", variant.ingest[1]);
    for (size_t i = 0; i < variant.steps.size(); ++i) row(fmt::format("{}", i + 1), variant.steps[i]);
    return text;
}

std::string kernel_table(const Library& library, const PlanVariant& variant) {
    const Machine machine(find_target(library.target).triple, "");
    std::string text = fmt::format("\nkernels of {}\n{:>6} {:>5} {:>6} {:>8} {:>8} {:>7}  {}\n", variant.name, "kernel",
                                   "steps", "%", "code", "loop", "spills", "stage by schedule (its source)");
    for (const KernelUse& use : kernel_uses(variant)) {
        const Kernel& kernel = library.kernels.at(use.name);
        const Analysis analysis = analyse(kernel, machine);
        text += fmt::format("{:>6} {:>5} {:>6.2f} {:>8} {:>8} {:>7}  {} by {} ({})\n", short_name(use.name),
                            use.steps.size(), share(use.flops, total_flops(variant)), bytes_text(kernel.bytes()),
                            analysis.loop ? density_text(*analysis.loop) : "",
                            analysis.loop ? spills_text(*analysis.loop) : "", use.steps[0]->kernel,
                            use.steps[0]->schedule, sources_of(use));
    }
    return text +
           "loop: multiply-adds of the instructions of the inner loop; spills: its stores to the stack + loads\n";
}

std::string arena_table(const PlanVariant& variant) {
    const int steps = int(variant.steps.size()) + 1;
    const auto column = [&](int step) { return step * std::min(kTimelineColumns, steps) / steps; };
    std::string text = fmt::format("\narena of {}: {} an image\n{:>10} {:>10} {:>5} {:>5}  {:<{}}  {}\n", variant.name,
                                   bytes_text(variant.arena_bytes), "offset", "bytes", "from", "to", "steps",
                                   column(steps) + 1, "value");
    for (const ArenaValue& value : arena_map(variant)) {
        std::string bar(size_t(column(steps)), '.');
        for (int c = column(value.first); c <= column(value.last); ++c) bar[size_t(c)] = '#';
        text += fmt::format("{:>10} {:>10} {:>5} {:>5}  {}  {}\n", value.offset, value.bytes, value.first, value.last,
                            bar, value.name);
    }
    return text;
}

}  // namespace

std::string overview(const Library& library, const std::vector<std::string>& variants) {
    std::string text = heading(library);
    for (const PlanVariant* variant : find_variants(library, variants))
        text += step_table(*variant) + kernel_table(library, *variant) + arena_table(*variant);
    return text;
}

}  // namespace senetc::inspect
