// What HTML and markdown have in common: facts of the run, and a table of stages as cells.
#pragma once

#include <string>
#include <vector>

#include "generators/tune/report/record.h"

namespace senetc::tune::report {

struct Fact {
    std::string what, value;
};
std::vector<Fact> facts(const Record& record);

struct Column {
    const char* title;
    bool is_number;
};
const std::vector<Column>& columns();

std::vector<std::string> cells(const Record& record, const StageRecord& stage);
std::vector<std::string> total_cells(const Record& record, const std::string& variant);

// What the columns mean.
std::string legend();

}  // namespace senetc::tune::report
