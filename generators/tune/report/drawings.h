// The drawings of a report, each an <svg> element whose colours are the page's classes (html.cpp).
#pragma once

#include <string>

#include "generators/tune/report/record.h"

namespace senetc::tune::report {

constexpr double kDrawingWidth = 1180;

// The network's estimated time over the seconds of tuning, a line for each variant.
std::string draw_progress(const Record& record);

// A row for each stage of a variant: every candidate's time by the hand schedule's, failures counted beside it.
std::string draw_candidates(const Record& record, const std::string& variant);

// What stages of a variant reach, by hand and tuned, under the roofs of FMA peak and bandwidths. "" without peaks.
std::string draw_roofline(const Record& record, const std::string& variant);

// The network's time in each stage of a variant: by hand, by autoschedulers where tried, tuned.
std::string draw_bars(const Record& record, const std::string& variant);

// An algorithm's class of colour: "direct", "winograd", "Adams2019", ...
struct Colour {
    const char *algorithm, *colour;
};
const std::vector<Colour>& colours();
std::string colour_class(const Schedule& schedule);

// The stages of a variant, those that take most of the network's time first.
std::vector<const StageRecord*> stages_of(const Record& record, const std::string& variant);

}  // namespace senetc::tune::report
