#include "generators/inspect/kernel_uses.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "generators/compiler/step_schedules.h"
#include "models/error.h"

namespace senetc::inspect {
namespace {

constexpr const char* kPrefix = "k_";
constexpr size_t kShortDigits = 6;

}  // namespace

std::vector<KernelUse> kernel_uses(const PlanVariant& variant) {
    std::vector<KernelUse> uses;
    const auto add = [&](const PlanStep& step) {
        const auto same = [&](const KernelUse& use) { return use.name == step.entry; };
        auto known = std::find_if(uses.begin(), uses.end(), same);
        if (known == uses.end()) known = uses.insert(known, {step.entry, {}, 0});
        known->steps.push_back(&step);
        known->flops += step.flops;
    };
    for (const PlanStep& step : variant.ingest) add(step);
    for (const PlanStep& step : variant.steps) add(step);
    return uses;
}

std::string sources_of(const KernelUse& use) {
    std::set<std::string> sources;
    for (const PlanStep* step : use.steps) sources.insert(step->schedule_source.empty() ? "?" : step->schedule_source);
    return fmt::format("{}", fmt::join(sources, ", "));
}

std::string sources_text(const PlanVariant& variant) {
    std::map<std::string, int> kernels;
    for (const KernelUse& use : kernel_uses(variant)) ++kernels[sources_of(use)];
    return senetc::sources_text(kernels);
}

std::string short_name(const std::string& kernel) {
    return kernel.starts_with(kPrefix) ? kernel.substr(2, kShortDigits) : kernel;
}

KernelUse find_kernel(const Library& library, const PlanVariant& variant, const std::string& name) {
    const auto is_called = [&](const PlanStep* step) { return step->name == name; };
    const std::vector<KernelUse> uses = kernel_uses(variant);
    for (const KernelUse& use : uses)
        if (std::any_of(use.steps.begin(), use.steps.end(), is_called)) return use;
    for (const KernelUse& use : uses)
        if (use.name.starts_with(name) || use.name.starts_with(kPrefix + name)) return use;
    throw Error(fmt::format("{}: variant {} has no step and no kernel called '{}'; senetc inspect {} lists them",
                            library.path, variant.name, name, library.path));
}

}  // namespace senetc::inspect
