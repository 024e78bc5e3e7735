// The tables of schedules/tuned/*.table, which are compiled into senetc.
#pragma once

#include <string>
#include <vector>

#include "schedules/tuned/table.h"

namespace senetc {

const std::vector<ScheduleTable>& shipped_tables();

// The one for a target and a CPU by LLVM's name; nullptr when there is none.
const ScheduleTable* shipped_table(const std::string& target, const std::string& cpu);

}  // namespace senetc
