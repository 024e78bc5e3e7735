// Copying a planar image in: pixels side by side in a step, and rows in a task. A blocked image is copied as a whole.
#include <fmt/format.h>

#include "schedules/schedules.h"
#include "schedules/space/rules.h"

namespace senetc::space {

std::vector<Schedule> ingest_candidates(const Stage& stage, const VariantInfo& variant, const SpaceOptions&) {
    Schedule schedule = choose_schedule(stage, variant.name);
    if (stage.params.at("layout") != "planar") return {schedule};
    const auto dims = arguments(stage, schedule).back().dims;
    // Rows are cut where threads share an image; else one loop takes them all.
    const bool cut = schedule.number("parallel") == 2;
    const std::vector<int> cuts = cut ? part_sizes(dims[1].extent) : std::vector<int>{schedule.number("rows")};
    std::vector<Schedule> schedules;
    for (const int tile_x : values_up_to(dims[0].extent, {4, 8, 16, 32, 64}, schedule.number("tile_x"))) {
        for (const int rows : cuts) {
            schedule.params["tile_x"] = tile_x;
            schedule.params["rows"] = rows;
            schedules.push_back(schedule);
        }
    }
    return schedules;
}

std::string ingest_rule(const Stage& stage, const VariantInfo& variant, const Schedule& s) {
    const int tile_x = s.number("tile_x"), rows = s.number("rows");
    return first_of(
        {unless(tile_x >= 1 && tile_x <= 64, fmt::format("{} pixels side by side are not from 1 to 64", tile_x)),
         unless(rows >= 1 && rows <= arguments(stage, s).back().dims[1].extent,
                fmt::format("{} rows in a task are none or more than all", rows)),
         task_rule(stage, variant, s)});
}

}  // namespace senetc::space
