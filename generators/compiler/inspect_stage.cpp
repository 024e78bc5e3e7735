#include "generators/compiler/inspect_stage.h"

#include <fmt/format.h>

#include <algorithm>

#include "generators/stages/winograd_transforms.h"

namespace senetc {
namespace {

constexpr double kFlopsPerByte = 4;  // 100 to 140 GFLOP/s beside 25 to 30 GB/s, one core of Sapphire Rapids

std::string bytes_text(double bytes) {
    return bytes < 1e5 ? fmt::format("{:.0f} kB", bytes / 1e3) : fmt::format("{:.1f} MB", bytes / 1e6);
}

std::string blocks_text(const Stage& stage, const Schedule& schedule, int tasks) {
    const double weights = double(storage_bytes(stage, schedule, Role::parameter));
    const double input = double(storage_bytes(stage, schedule, Role::input));
    const bool tiled = schedule.params.count("tile_k") != 0;
    std::string text = fmt::format("{} tasks of {} channels", tasks, kBlock * (tiled ? schedule.number("tile_k") : 1));
    if (weights > input)
        text += fmt::format(": {} of weights are read once; along rows every task would read them all",
                            bytes_text(weights));
    return text;
}

// Rows of the map, or pixels of one that is a long row.
std::string band_text(const Stage& stage, const Schedule& schedule) {
    const MapShape map = output_map(stage);
    if (const int m = winograd_tile(schedule); m != 0)
        return fmt::format("{} rows", std::min(map.height, schedule.number("rows") * m));
    if (map.height == 1)
        return fmt::format("{} pixels", std::min(map.width, schedule.number("band_x") * schedule.number("tile_x")));
    return fmt::format("{} rows", std::min(map.height, schedule.number("band_y") * schedule.number("tile_y")));
}

// Each task's work, and what it needs of weights.
std::string bands_text(const Stage& stage, const Schedule& schedule, int tasks) {
    const double weights = double(storage_bytes(stage, schedule, Role::parameter));
    return fmt::format("{} tasks of {}: {:.1f} MFLOP{} each", tasks, band_text(stage, schedule),
                       work(stage, schedule) / tasks / 1e6,
                       weights > 0 ? fmt::format(" and {} of weights", bytes_text(weights)) : "");
}

}  // namespace

double work(const Stage& stage, const Schedule& schedule) {
    double operations = double(flops(stage));
    if (const int m = winograd_tile(schedule); m != 0) {
        const double elements = winograd_elements(m, stage.number("stride"));
        operations *= elements * elements / (9 * m * m);
    }
    double bytes = 0;
    for (const Role role : {Role::input, Role::parameter, Role::output})
        bytes += double(storage_bytes(stage, schedule, role));
    return std::max(operations, kFlopsPerByte * bytes);
}

std::string explain_tasks(const Stage& stage, const Schedule& schedule, const ParallelLoop& loop) {
    const std::string axis = loop.axis;
    if (axis == "blocks") return blocks_text(stage, schedule, loop.tasks);
    if (axis == "bands" && schedule.params.count("axis") != 0) return bands_text(stage, schedule, loop.tasks);
    if (axis == "bands") return fmt::format("{} tasks", loop.tasks);
    const std::string why = fmt::format("{:.2f} MFLOP are too little to share", work(stage, schedule) / 1e6);
    return axis == "serial" ? "one task: " + why : "a task an image: " + why;
}

}  // namespace senetc
