#include "schedules/hand/tasks.h"

#include <algorithm>

namespace senetc {

namespace {

constexpr int kTasksPerImage = 16;         // enough for 8 threads to end at about the same time
constexpr int64_t kTaskWork = 1'000'000;   // about 10 us: a task should be worth handing over
constexpr int64_t kImageWork = 200'000;    // about 2 us
constexpr int64_t kBandBytes = 512 << 10;  // a band's input stays in L2 while all output blocks read it

int divide_up(int a, int b) {
    return (a + b - 1) / b;
}

int64_t bytes_of(const Stage& stage, const Schedule& schedule, Role role) {
    int64_t bytes = 0;
    for (const auto& argument : arguments(stage, schedule)) {
        if (argument.role == role) bytes += argument.storage_elements * argument.type_bits / 8;
    }
    return bytes;
}

}  // namespace

OutputShape output_shape(const Stage& stage) {
    const Argument output = arguments(stage, {}).back();
    return {output.dims[1].extent, output.dims[2].extent, output.dims[3].extent};
}

int parallel_level(int64_t work) {
    return work >= 2 * kTaskWork ? 2 : work >= kImageWork ? 1 : 0;
}

Schedule map_schedule(const Tiling& t, int lanes, int tile_c, int tile_k) {
    return {"hand",
            {{"lanes", lanes},
             {"tile_c", tile_c},
             {"tile_k", tile_k},
             {"tile_x", t.tile_x},
             {"tile_y", t.tile_y},
             {"group_x", t.group_x},
             {"group_y", t.group_y}}};
}

Schedule with_tasks(const Stage& stage, int64_t work, Schedule schedule) {
    const OutputShape shape = output_shape(stage);
    const int groups_x = divide_up(shape.width, schedule.number("group_x"));
    const int groups_y = divide_up(shape.height, schedule.number("group_y"));
    const int64_t input = bytes_of(stage, schedule, Role::input);
    const bool bands_inside = bytes_of(stage, schedule, Role::parameter) > input;
    const int block_tasks = divide_up(shape.blocks, schedule.number("tile_k"));
    const int wanted = static_cast<int>(std::clamp<int64_t>(work / kTaskWork, 1, kTasksPerImage));
    int bands = divide_up(wanted, block_tasks);
    if (!bands_inside) bands = std::max(bands, static_cast<int>(input / kBandBytes));
    // A map that is one long row is cut along the row.
    schedule.params["band_x"] = groups_y == 1 ? divide_up(groups_x, std::min(bands, groups_x)) : groups_x;
    schedule.params["band_y"] = groups_y == 1 ? 1 : divide_up(groups_y, std::min(bands, groups_y));
    schedule.params["bands_inside"] = bands_inside ? 1 : 0;
    schedule.params["parallel"] = parallel_level(work);
    return schedule;
}

}  // namespace senetc
