#include "generators/compiler/step_schedules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "generators/compiler/kernel.h"
#include "models/error.h"
#include "models/near_names.h"

namespace senetc {

namespace {

constexpr size_t kSuggestions = 5;

}  // namespace

ChooseSchedule choose_from(const StepSchedules& schedules, const std::string& variant,
                           const std::set<std::string>& failed) {
    return [schedules, failed, info = find_variant(variant)](const Stage& stage, const std::string& step) {
        const auto own = schedules.of_steps.find(step);
        const ScheduleSource& source = own != schedules.of_steps.end() ? own->second : schedules.source;
        const ScheduleChoice choice = source(stage, info);
        const KernelSpec kernel{stage, choice.schedule, {info.name}};
        return failed.count(kernel.text()) != 0 ? hand_source()(stage, info) : choice;
    };
}

void check_steps(const StepSchedules& schedules, const Lowered& lowered) {
    std::vector<std::string> names = {lowered.ingest_f32.name};
    for (const LoweredStep& step : lowered.steps) names.push_back(step.name);
    const std::set<std::string> known(names.begin(), names.end());
    for (const auto& [name, ignored] : schedules.of_steps) {
        if (known.count(name) != 0) continue;
        std::vector<std::string> near = near_names(name, names);
        near.resize(std::min(near.size(), kSuggestions));
        throw Error(fmt::format("--schedule-stage {}: the network has no step of this name; {} {}", name,
                                near.empty() ? "its steps are" : "did you mean one of",
                                fmt::join(near.empty() ? names : near, ", ")));
    }
}

std::string sources_text(const std::map<std::string, int>& kernels) {
    std::vector<std::string> parts;
    for (const auto& [source, count] : kernels) parts.push_back(fmt::format("{} {}", count, source));
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace senetc
