// Where schedules come from: the hand rules, a table of tuned schedules, or an autoscheduler. A source is a function
// from stage and variant to a schedule and the source's name, which plans and libraries keep beside the schedule.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "generators/compiler/stage.h"
#include "generators/compiler/targets.h"

namespace senetc {

struct ScheduleTable;  // schedules/tuned/table.h

struct ScheduleChoice {
    Schedule schedule;
    std::string source;                    // "hand", "auto:Adams2019", "tuned:se_resnet50.table"
    std::filesystem::path weights_folder;  // of a cost model's weights that the schedule names
};
using ScheduleSource = std::function<ScheduleChoice(const Stage&, const VariantInfo&)>;

ScheduleSource hand_source();

// What an autoscheduler makes, with the options that are asked for (schedules/auto/autoschedulers.h), and hand's
// schedules for variants that it isn't for: a GPU's, or a CPU's. Throws Error when there is no such one, or when it is
// for none of the `variants` of the build.
ScheduleSource auto_source(const Schedule& asked, const std::vector<std::string>& variants);

// The table's entries, and hand's schedules for stages and variants that it has none for. `name`: what follows
// "tuned:". A stale entry, one whose algorithm this senetc defines otherwise than when it was measured, gets a sentence
// that names it: thrown as Error where `stale` is empty, else handed to `stale`, and hand's schedule is used.
using StaleNote = std::function<void(const std::string& sentence)>;
ScheduleSource tuned_source(const ScheduleTable& table, const std::string& name, StaleNote stale = {});

// That of a table's file. Throws Error when the table is for none of these targets, or for another CPU than `cpu`,
// LLVM's name or "".
ScheduleSource table_source(const std::string& path, const std::vector<std::string>& targets, const std::string& cpu,
                            StaleNote stale);

// That of the table that senetc has for a target and CPU (schedules/tuned), or hand's.
ScheduleSource shipped_source(const std::string& target, const std::string& cpu, StaleNote stale);
std::vector<std::string> shipped_cpus(const std::string& target);  // for which there are tables

}  // namespace senetc
