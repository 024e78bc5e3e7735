#include "schedules/sources.h"

#include "schedules/auto/autoschedulers.h"
#include "schedules/schedules.h"

namespace senetc {

ScheduleSource hand_source() {
    return [](const Stage& stage, const VariantInfo& variant) {
        return ScheduleChoice{choose_schedule(stage, variant.name), "hand", {}};
    };
}

ScheduleSource auto_source(const Schedule& asked) {
    find_autoscheduler(asked.algorithm);
    return [asked](const Stage& stage, const VariantInfo& variant) {
        return ScheduleChoice{autoscheduled(stage, variant.name, asked), "auto:" + asked.algorithm, {}};
    };
}

}  // namespace senetc
