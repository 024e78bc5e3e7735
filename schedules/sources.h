// Where schedules come from: the hand rules, a table of tuned schedules, or an autoscheduler. A source is a function
// from stage and variant to a schedule and the source's name, which plans and libraries keep beside the schedule.
#pragma once

#include <functional>
#include <string>

#include "generators/compiler/stage.h"
#include "generators/compiler/targets.h"
#include "schedules/tuned/table.h"

namespace senetc {

struct ScheduleChoice {
    Schedule schedule;
    std::string source;  // "hand", "auto:Adams2019", "tuned:se_resnet50.table"
};
using ScheduleSource = std::function<ScheduleChoice(const Stage&, const VariantInfo&)>;

ScheduleSource hand_source();

// The table's entries, and hand's schedules for stages and variants that it has none for. `name`: what follows
// "tuned:". A stale entry, one whose algorithm this senetc defines otherwise than when it was measured, gets a sentence
// that names it: thrown as Error where `stale` is empty, else handed to `stale`, and hand's schedule is used.
using StaleNote = std::function<void(const std::string& sentence)>;
ScheduleSource tuned_source(const ScheduleTable& table, const std::string& name, StaleNote stale = {});

}  // namespace senetc
