#include "schedules/sources.h"

#include <algorithm>

#include "schedules/auto/autoschedulers.h"
#include "schedules/schedules.h"

namespace senetc {

ScheduleSource hand_source() {
    return [](const Stage& stage, const VariantInfo& variant) {
        return ScheduleChoice{choose_schedule(stage, variant.name), "hand", {}};
    };
}

ScheduleSource auto_source(const Schedule& asked, const std::vector<std::string>& variants) {
    const Autoscheduler& autoscheduler = find_autoscheduler(asked.algorithm);
    const auto suits = [for_gpus = autoscheduler.for_gpus](const VariantInfo& variant) {
        return for_gpus == variant.on_gpu();
    };
    if (std::ranges::none_of(variants, suits, find_variant)) check_device(autoscheduler, !autoscheduler.for_gpus);
    return [asked, suits](const Stage& stage, const VariantInfo& variant) {
        if (!suits(variant)) return hand_source()(stage, variant);
        return ScheduleChoice{autoscheduled(stage, variant.name, asked), "auto:" + asked.algorithm, {}};
    };
}

}  // namespace senetc
