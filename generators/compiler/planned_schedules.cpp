#include "generators/compiler/planned_schedules.h"

namespace senetc {

void PlannedSchedules::add(const std::string& step, const std::string& stage, const std::string& schedule) {
    schedules_[{step, stage}] = schedule;
}

ScheduleChoice PlannedSchedules::operator()(const Stage& stage, const std::string& step) const {
    return {parse_schedule(schedules_.at({step, to_string(stage)})), "planned", {}};
}

}  // namespace senetc
