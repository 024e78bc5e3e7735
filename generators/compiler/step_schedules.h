// Which source chooses the schedule of which step of a network.
#pragma once

#include <map>
#include <set>
#include <string>

#include "generators/compiler/lower.h"

namespace senetc {

struct StepSchedules {
    ScheduleSource source = hand_source();           // of all steps but
    std::map<std::string, ScheduleSource> of_steps;  // these, by name
    bool fallback = false;  // where a kernel can't be compiled with its schedule, hand's is taken
    std::string flags;      // the options that say so, in one spelling: " --cpu znver4 --schedule tuned:a.table"
};

// The choice for a variant's steps. `failed`: texts of kernels that can't be compiled and get hand's schedules.
ChooseSchedule choose_from(const StepSchedules& schedules, const std::string& variant,
                           const std::set<std::string>& failed = {});

// Throws Error that names a step of `of_steps` that isn't there, and those that may be meant.
void check_steps(const StepSchedules& schedules, const Lowered& lowered);

// How many kernels each source scheduled: "3 hand, 58 tuned:sapphirerapids".
std::string sources_text(const std::map<std::string, int>& kernels);

}  // namespace senetc
