// What other runs' journals propose for a stage: the best schedules of the same stage first, then those of stages like
// it, made legal here.
#pragma once

#include <vector>

#include "generators/tune/journal.h"
#include "generators/tune/stage_search.h"

namespace senetc::tune {

std::vector<Schedule> seeds_for(const StageTask& task, const std::vector<JournalContents>& journals);

}  // namespace senetc::tune
