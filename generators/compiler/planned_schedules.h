// The schedules that a library's plan names, for lowering its network as it was lowered when the library was built.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "schedules/sources.h"

namespace senetc {

class PlannedSchedules {
  public:
    // Of one variant's step; all three as the plan has them.
    void add(const std::string& step, const std::string& stage, const std::string& schedule);

    // As a ChooseSchedule (generators/compiler/lower.h). Throws std::out_of_range for a step that the plan hasn't, of
    // this stage: then something else was planned.
    ScheduleChoice operator()(const Stage& stage, const std::string& step) const;

  private:
    std::map<std::pair<std::string, std::string>, std::string> schedules_;  // by step and stage: two are called "input"
};

}  // namespace senetc
