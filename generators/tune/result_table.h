// A run's decisions as a table, joined with one that is there already.
#pragma once

#include <functional>
#include <string>

#include "generators/tune/strategy.h"
#include "schedules/tuned/table.h"

namespace senetc::tune {

using AlgorithmHash = std::function<std::string(const Stage&, const Schedule&, const std::string& variant)>;

// Every stage whose schedule is better than hand's.
ScheduleTable result_table(const Strategy& strategy, const JournalHeader& header, const AlgorithmHash& hash);

// The table in `path` with `found` over it: stages that the run had keep nothing of the old table if the run is
// `finished`, else only those that found something better are replaced. Throws Error when that table is of another
// target, CPU or number of threads. Without a file: `found`.
ScheduleTable joined_table(const std::string& path, ScheduleTable found, const JournalHeader& header, bool finished);

}  // namespace senetc::tune
