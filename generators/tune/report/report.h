// A tuning run told to people, from its journal alone: on any machine, while it runs or after it ended.
#pragma once

#include <string>

#include "generators/tune/report/record.h"

namespace senetc::tune::report {

// One file of HTML that needs no other: progress, times by stage, every candidate, roofline, and the table.
std::string html(const Record& record);

// What the run was, then a table of stages for each variant.
std::string markdown(const Record& record);

// "se_resnet50 ...: 30.120 ms by hand, 28.400 ms tuned, -5.7 %, of 40 stages alone, ..." for a variant.
std::string summary(const Record& record, const std::string& variant);

}  // namespace senetc::tune::report
