#include "schedules/hand/tasks.h"

#include <algorithm>

namespace senetc {

namespace {

constexpr int kTasksPerImage = 16;        // enough for 8 threads to end at about the same time
constexpr int64_t kTaskWork = 1'000'000;  // about 10 us: a task should be worth handing over
constexpr int64_t kImageWork = 200'000;   // about 2 us

int divide_up(int a, int b) {
    return (a + b - 1) / b;
}

int64_t elements_read(const Stage& stage, const Schedule& schedule, Role role) {
    int64_t elements = 0;
    for (const auto& argument : arguments(stage, schedule)) {
        if (argument.role == role) elements += argument.storage_elements;
    }
    return elements;
}

}  // namespace

OutputShape output_shape(const Stage& stage) {
    const auto& dims = arguments(stage, {}).back().dims;
    return {dims[1].extent, dims[2].extent, dims[3].extent};
}

int parallel_level(int64_t work) {
    return work >= 2 * kTaskWork ? 2 : work >= kImageWork ? 1 : 0;
}

void choose_tasks(const Stage& stage, int64_t work, Schedule& schedule) {
    const OutputShape shape = output_shape(stage);
    const int block_tasks = divide_up(shape.blocks, schedule.number("tile_k"));
    const int wanted = static_cast<int>(std::min<int64_t>(kTasksPerImage, std::max<int64_t>(1, work / kTaskWork)));
    const int bands = std::max(1, divide_up(wanted, block_tasks));
    const int groups = divide_up(shape.width, schedule.number("group_x"));
    schedule.params["rows"] = shape.height == 1 ? 1 : divide_up(shape.height, std::min(bands, shape.height));
    schedule.params["groups"] = shape.height == 1 ? divide_up(groups, std::min(bands, groups)) : groups;
    schedule.params["bands_inside"] =
        elements_read(stage, schedule, Role::parameter) > elements_read(stage, schedule, Role::input);
    schedule.params["parallel"] = parallel_level(work);
}

}  // namespace senetc
