// How steps are cut into tasks, and how evenly that loads threads, as a table.
#pragma once

#include <string>
#include <vector>

#include "generators/compiler/stage.h"

namespace senetc {

struct TaskStep {
    std::string name;
    Stage stage;
    Schedule schedule;
    std::string source;  // of the schedule
};

// One row for each distinct stage and schedule. `images`: computed at once.
std::string task_table(const std::vector<TaskStep>& steps, const std::vector<int>& threads, int images);

// What the columns mean, for a command's help.
extern const char* const kTaskTableLegend;

}  // namespace senetc
