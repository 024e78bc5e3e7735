#include "generators/tune/seeding.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "schedules/space/space.h"

namespace senetc::tune {

namespace {

constexpr size_t kOfEqual = 3, kOfSimilar = 2;  // schedules taken

// A schedule that was faster than hand, for a stage so far from ours.
struct Found {
    double far, ratio;
    Schedule schedule;
};

// What makes kernels of one generator differ in kind rather than in size.
bool is_size(const std::string& param) {
    static const char* const sizes[] = {"ci",         "co",       "ch",       "h",      "w",           "in_h",
                                        "in_w",       "in",       "out",      "hidden", "shortcut_ci", "shortcut_h",
                                        "shortcut_w", "out_halo", "res_halo", "in_halo"};
    return std::any_of(std::begin(sizes), std::end(sizes), [&](const char* size) { return param == size; });
}

// Doublings of all sizes, added up. Infinite between kinds: another generator, kernel, stride, layout.
double distance_of_stages(const Stage& a, const Stage& b) {
    if (a.generator != b.generator || a.params.size() != b.params.size()) return HUGE_VAL;
    double sum = 0;
    for (const auto& [param, value] : a.params) {
        const auto other = b.params.find(param);
        if (other == b.params.end()) return HUGE_VAL;
        if (is_size(param))
            sum += std::fabs(std::log2((a.number(param) + 1.0) / (b.number(param) + 1.0)));
        else if (param == "kernel_h" || param == "kernel_w" || param == "kernel" || param == "stride" ||
                 param == "layout")
            sum += value == other->second ? 0 : HUGE_VAL;
        else
            sum += value == other->second ? 0 : 0.25;  // an activation, a gate: hardly another kernel
    }
    return sum;
}

// The nearest schedule of our space; nothing where it has none of that family.
std::optional<Schedule> made_legal(const Schedule& schedule, const std::vector<Schedule>& space) {
    const auto nearest = std::min_element(space.begin(), space.end(), [&](const Schedule& a, const Schedule& b) {
        return distance(a, schedule) < distance(b, schedule);
    });
    if (nearest == space.end() || std::isinf(distance(*nearest, schedule))) return std::nullopt;
    return *nearest;
}

void collect(const StageTask& task, const JournalContents& journal, std::vector<Found>& found) {
    for (const JournalRecord& record : journal.records) {
        const JournalStage& stage = journal.header.stages[size_t(record.stage)];
        if (stage.variant != task.variant) continue;
        const std::optional<Trial> trial = trial_of(record.schedule, record.measurement, journal.header.cold);
        const double far = trial && trial->ratio < 1 ? distance_of_stages(task.stage, stage.stage) : HUGE_VAL;
        if (!std::isinf(far)) found.push_back({far, trial->ratio, record.schedule});
    }
}

}  // namespace

std::vector<Schedule> seeds_for(const StageTask& task, const std::vector<JournalContents>& journals) {
    std::vector<Found> found;
    for (const JournalContents& journal : journals) collect(task, journal, found);
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
        return std::tie(a.far, a.ratio) < std::tie(b.far, b.ratio);
    });
    std::vector<Schedule> seeds;
    size_t equal = 0, similar = 0;
    for (const Found& one : found) {
        size_t& count = one.far == 0 ? equal : similar;
        if (count == (one.far == 0 ? kOfEqual : kOfSimilar)) continue;
        const std::optional<Schedule> schedule = made_legal(one.schedule, task.space);
        if (!schedule || std::count(seeds.begin(), seeds.end(), *schedule) != 0) continue;
        seeds.push_back(*schedule);
        count++;
    }
    return seeds;
}

}  // namespace senetc::tune
