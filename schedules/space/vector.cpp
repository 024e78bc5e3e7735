// Squeezes have one schedule. Excite and dense are bound by reading weights: what is free is how many rows are read
// side by side, each of which has its own accumulators.
#include <fmt/format.h>

#include "schedules/schedules.h"
#include "schedules/space/rules.h"

namespace senetc::space {

namespace {

constexpr int kDenseParts = 4;  // partial sums of an output (generators/stages/dense.cpp)

int block_vectors(const VariantInfo& variant, int blocks) {
    return blocks * kBlock / variant.lanes;
}

std::string excite_rule(const Stage& stage, const VariantInfo& variant, const Schedule& s) {
    const int units = s.number("units"), tile_k = s.number("tile_k");
    const int needed = block_vectors(variant, std::max(units, tile_k));
    return first_of({unless(units >= 1 && units <= stage.number("hidden"),
                            fmt::format("units={} of {}", units, stage.number("hidden"))),
                     unless(tile_k >= 1 && tile_k <= blocks(stage.number("out")),
                            fmt::format("tile_k={} of {} blocks", tile_k, blocks(stage.number("out")))),
                     unless(needed < variant.registers,
                            fmt::format("{} accumulators, of {} registers", needed, variant.registers))});
}

std::string dense_rule(const Stage& stage, const VariantInfo& variant, const Schedule& s) {
    const int tile_k = s.number("tile_k"), all = blocks(stage.number("out"));
    const int needed = kDenseParts * block_vectors(variant, tile_k);
    return first_of(
        {unless(tile_k >= 1 && all % tile_k == 0, fmt::format("tile_k={} does not divide {} blocks", tile_k, all)),
         unless(needed <= variant.registers,
                fmt::format("{} accumulators, of {} registers", needed, variant.registers))});
}

}  // namespace

std::vector<Schedule> vector_candidates(const Stage& stage, const VariantInfo& variant, const SpaceOptions&) {
    Schedule schedule = choose_schedule(stage, variant.name);
    if (schedule.params.count("tile_k") == 0) return {schedule};
    std::vector<Schedule> schedules;
    const int tile_k = schedule.number("tile_k"), all = blocks(stage.number("out"));
    const bool excite = stage.generator == "excite";
    const int hidden = excite ? stage.number("hidden") : 1, units = excite ? schedule.number("units") : 1;
    for (const int more : values_up_to(all, {1, 2, 3, 4, 5, 6, 7, 8}, tile_k)) {
        for (const int rows : values_up_to(hidden, {1, 2, 4, 8}, units)) {
            schedule.params["tile_k"] = more;
            if (excite) schedule.params["units"] = rows;
            schedules.push_back(schedule);
        }
    }
    return schedules;
}

std::string vector_rule(const Stage& stage, const VariantInfo& variant, const Schedule& s) {
    return first_of({task_rule(stage, variant, s), stage.generator == "excite"  ? excite_rule(stage, variant, s)
                                                   : stage.generator == "dense" ? dense_rule(stage, variant, s)
                                                                                : ""});
}

}  // namespace senetc::space
