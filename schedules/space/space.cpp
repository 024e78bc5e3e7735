#include "schedules/space/space.h"

#include <cmath>
#include <set>
#include <stdexcept>

#include "schedules/hand/choose.h"
#include "schedules/hand/map_loops.h"
#include "schedules/schedules.h"
#include "schedules/space/rules.h"

namespace senetc {

namespace {

using namespace space;

struct Template {
    std::vector<Schedule> (*candidates)(const Stage&, const VariantInfo&, const SpaceOptions&);
    std::string (*rule)(const Stage&, const VariantInfo&, const Schedule&);
};

Template template_of(const Stage& stage) {
    static const std::map<std::string, Template> templates = {
        {"conv", {conv_candidates, conv_rule}},
        {"depthwise_conv", {map_candidates, map_rule}},
        {"batch_norm", {map_candidates, map_rule}},
        {"scale_add", {map_candidates, map_rule}},
        {"max_pool", {map_candidates, map_rule}},
        {"squeeze", {vector_candidates, vector_rule}},
        {"window_means", {vector_candidates, vector_rule}},
        {"excite", {vector_candidates, vector_rule}},
        {"dense", {vector_candidates, vector_rule}},
        {"ingest_f32", {ingest_candidates, ingest_rule}},
        {"ingest_u8", {ingest_candidates, ingest_rule}},
    };
    const auto found = templates.find(stage.generator);
    if (found == templates.end()) throw std::logic_error("no space for the generator '" + stage.generator + "'");
    return found->second;
}

// Schedules that differ in a number which nothing reads are one.
Schedule canonical(Schedule schedule) {
    const auto axis = schedule.params.find("axis");
    if (axis != schedule.params.end() && axis->second != kBlocks) schedule.params.erase("images_inside");
    return schedule;
}

}  // namespace

std::vector<Schedule> schedule_space(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options) {
    std::vector<Schedule> schedules{choose_schedule(stage, variant.name)};
    if (variant.on_gpu()) return schedules;
    std::vector<Schedule> candidates = template_of(stage).candidates(stage, variant, options);
    if (stage.generator == "conv") {
        for (Schedule& schedule : winograd_candidates(stage, variant, options))
            candidates.push_back(std::move(schedule));
    }
    std::set<Schedule> known{canonical(schedules[0])};
    for (const Schedule& schedule : candidates) {
        if (!why_illegal(stage, variant, schedule).empty() || !known.insert(canonical(schedule)).second) continue;
        schedules.push_back(schedule);
    }
    return schedules;
}

std::vector<Schedule> usual_schedules(const Stage& stage, const VariantInfo& variant) {
    if (stage.generator != "conv") return {};
    std::vector<Schedule> schedules{choose_direct_conv(stage, variant)};
    if (winograd_fits(stage)) {
        for (const int m : {2, 4, 6}) {
            if (stage.number("stride") == 1 || m == 2) schedules.push_back(choose_winograd(stage, variant, m));
        }
    }
    std::erase_if(schedules, [&](const Schedule& s) { return !why_illegal(stage, variant, s).empty(); });
    return schedules;
}

std::string why_illegal(const Stage& stage, const VariantInfo& variant, const Schedule& schedule) {
    try {
        if (schedule.algorithm == "winograd")
            return stage.generator == "conv" ? winograd_rule(stage, variant, schedule)
                                             : "only convolutions go by Winograd";
        if (schedule.algorithm != "direct") return "'" + schedule.algorithm + "' is no algorithm of the hand templates";
        return template_of(stage).rule(stage, variant, schedule);
    } catch (const std::out_of_range&) {
        return "numbers of its template are missing";
    }
}

std::string family(const Schedule& schedule) {
    const int m = winograd_tile(schedule);
    return m == 0 ? schedule.algorithm : schedule.algorithm + " m=" + std::to_string(m);
}

double distance(const Schedule& a, const Schedule& b) {
    if (family(a) != family(b)) return HUGE_VAL;
    double sum = 0;
    std::map<std::string, int> keys = a.params;
    keys.insert(b.params.begin(), b.params.end());
    for (const auto& [key, value] : keys) {
        const auto in_a = a.params.find(key), in_b = b.params.find(key);
        const bool both = in_a != a.params.end() && in_b != b.params.end();
        sum += both ? std::fabs(std::log2((in_a->second + 1.0) / (in_b->second + 1.0))) : 1;
    }
    return sum;
}

}  // namespace senetc
