#include <algorithm>

#include "generators/tune/report/drawings.h"

namespace senetc::tune::report {

const std::vector<Colour>& colours() {
    static const std::vector<Colour> table = {
        {"direct", "#3b6fb6"}, {"winograd", "#2a9d8f"},      {"Adams2019", "#e07b39"},
        {"Li2018", "#8e5ea2"}, {"Mullapudi2016", "#a58a2c"}, {"Anderson2021", "#c0504d"},
    };
    return table;
}

std::string colour_class(const Schedule& schedule) {
    for (const Colour& colour : colours())
        if (schedule.algorithm == colour.algorithm) return colour.algorithm;
    return "other";
}

std::vector<const StageRecord*> stages_of(const Record& record, const std::string& variant) {
    std::vector<const StageRecord*> stages;
    for (const StageRecord& stage : record.stages)
        if (stage.variant == variant) stages.push_back(&stage);
    std::stable_sort(stages.begin(), stages.end(), [](const StageRecord* a, const StageRecord* b) {
        return a->uses * a->hand_us > b->uses * b->hand_us;
    });
    return stages;
}

}  // namespace senetc::tune::report
