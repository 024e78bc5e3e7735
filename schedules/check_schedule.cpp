#include "schedules/check_schedule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "generators/compiler/check_stage.h"
#include "generators/stages/winograd_transforms.h"
#include "models/error.h"
#include "schedules/auto/autoschedulers.h"
#include "schedules/gpu/cost.h"
#include "schedules/gpu/staged_copy.h"
#include "schedules/hand/choose.h"

namespace senetc {

namespace {

constexpr int kMany = 1 << 15;
constexpr int kThreads = 1024;  // of a GPU's block
constexpr bool kOptional = true;

// Loops over a map in register tiles (schedules/hand/map_loops.h). A tile that the map hasn't room for would be shifted
// to before its beginning.
std::vector<NumberRange> map_numbers(const Stage& stage) {
    const MapShape map = output_map(stage);
    return {{"lanes", 1, kBlock},
            {"tile_c", 1, kBlock},
            {"tile_k", 1, blocks(map.channels)},
            {"tile_x", 1, map.width},
            {"tile_y", 1, map.height},
            {"band_x", 1, kMany},
            {"band_y", 1, kMany},
            {"axis", 0, 3},
            {"images_inside", 0, 1},
            {"by_lane", 1, 1, kOptional}};
}

// schedules/hand/winograd.cpp
std::vector<NumberRange> winograd_numbers(const Stage& stage, int m) {
    const MapShape map = output_map(stage);
    return {{"m", m, m},
            {"lanes", 1, kBlock},
            {"tile_p", 1, kMany},
            {"tile_k", 1, blocks(map.channels)},
            {"rows", 1, divide_up(map.height, m)},
            {"axis", 0, 3},
            {"images", 1, kMany},
            {"pad", 0, 1},
            {"by_lane", 1, 1, kOptional}};
}

std::vector<NumberRange> vector_numbers(const Stage& stage) {
    const NumberRange parallel = {"parallel", 0, 2};
    if (stage.generator == "excite")
        return {parallel, {"units", 1, stage.number("hidden")}, {"tile_k", 1, blocks(stage.number("out"))}};
    if (stage.generator == "dense") return {parallel, {"tile_k", 1, blocks(stage.number("out"))}};
    if (stage.generator.starts_with("ingest_")) return {parallel, {"tile_x", 1, kMany}, {"rows", 1, kMany}};
    return {parallel};
}

// schedules/gpu/thread_loops.h
std::vector<NumberRange> gpu_map_numbers(const Stage& stage) {
    const MapShape map = output_map(stage);
    std::vector<NumberRange> numbers = {{"tile_c", 1, kBlock},    {"tile_k", 1, blocks(map.channels)},
                                        {"tile_x", 1, map.width}, {"tile_y", 1, map.height},
                                        {"block", 1, kThreads},   {"block_k", 1, blocks(map.channels)},
                                        {"by_rows", 0, 1},        {"part", 1, kMany, kOptional}};
    if (stage.generator == "conv") numbers.push_back({"stage_k", 1, blocks(stage.number("ci")), kOptional});
    return numbers;
}

// schedules/gpu/winograd.cpp
std::vector<NumberRange> gpu_winograd_numbers(const Stage& stage, int m) {
    const MapShape map = output_map(stage);
    const int rows = divide_up(map.height, m);
    return {{"m", m, m},
            {"lanes", 1, kBlock},
            {"tile_c", 1, kBlock},
            {"tile_p", 1, kMany},
            {"tile_k", 1, blocks(map.channels)},
            {"rows", rows, rows},
            {"block", 1, kThreads},
            {"block_k", 1, blocks(map.channels)},
            {"stage_k", 1, blocks(stage.number("ci")), kOptional}};
}

std::vector<NumberRange> gpu_vector_numbers(const Stage& stage) {
    const NumberRange block = {"block", 1, kThreads};
    if (stage.generator == "excite") return {block, {"tile_k", 1, blocks(stage.number("out"))}};
    if (stage.generator == "dense") return {block, {"part", 1, blocks(stage.number("in"))}};
    return {block};
}

bool has_map(const Stage& stage) {
    static const std::vector<std::string> with_map = {"conv", "depthwise_conv", "batch_norm", "scale_add", "max_pool"};
    return std::count(with_map.begin(), with_map.end(), stage.generator) != 0;
}

int checked_winograd_tile(const Stage& stage, const Schedule& schedule) {
    const auto m = schedule.params.find("m");
    if (stage.generator != "conv" || !winograd_fits(stage))
        throw Error(fmt::format("Winograd's algorithm doesn't fit '{}'", to_string(stage)));
    const bool known =
        m != schedule.params.end() &&
        (stage.number("stride") == 2 ? m->second == 2 : m->second == 2 || m->second == 4 || m->second == 6);
    if (!known)
        throw Error(fmt::format("'{}' has no m for which there are transforms: 2, and with stride 1 also 4 and 6",
                                to_string(schedule)));
    return m->second;
}

std::vector<NumberRange> numbers_of(const Stage& stage, const Schedule& schedule) {
    const int m = schedule.algorithm == "winograd" ? checked_winograd_tile(stage, schedule) : 0;
    if (is_on_gpu(schedule)) {
        if (m != 0) return gpu_winograd_numbers(stage, m);
        return has_map(stage) ? gpu_map_numbers(stage) : gpu_vector_numbers(stage);
    }
    if (m != 0) return winograd_numbers(stage, m);
    return has_map(stage) ? map_numbers(stage) : vector_numbers(stage);
}

// An algorithm that isn't one of the hand templates'.
void check_name(const Schedule& schedule) {
    std::vector<std::string> names = {"direct", "winograd"};
    for (const Autoscheduler& autoscheduler : autoschedulers()) names.push_back(autoscheduler.name);
    if (!std::count(names.begin(), names.end(), schedule.algorithm))
        throw Error(fmt::format("no algorithm is called '{}', in '{}'; there are {}", schedule.algorithm,
                                to_string(schedule), fmt::join(names, ", ")));
}

// Lanes are cut into tiles, and tiles into vectors, without remainders.
void check_lanes(const Schedule& schedule) {
    const int lanes = schedule.params.count("lanes") != 0 ? schedule.number("lanes") : 1;
    const int tile_c = schedule.params.count("tile_c") != 0 ? schedule.number("tile_c") : kBlock;
    if (kBlock % tile_c != 0 || tile_c % lanes != 0)
        throw Error(
            fmt::format("lanes must divide tile_c, or {} where there is none, and tile_c must divide {}, in '{}'",
                        kBlock, kBlock, to_string(schedule)));
}

// schedules/gpu/staging.h: blocks of threads are whole, and what they copy finds room.
void check_staging(const Stage& stage, const Schedule& s) {
    if (!is_staged(s)) return;
    const auto refuse = [&](const std::string& why) {
        throw Error(fmt::format("'{}' cannot stage: {}, in '{}'", to_string(stage), why, to_string(s)));
    };
    const MapShape map = output_map(stage);
    const bool direct = winograd_tile(s) == 0, in_parts = s.params.count("part") != 0;
    const int tile_k = s.number("tile_k"), stage_k = s.number("stage_k"), block = s.number("block");
    const int channel_blocks = tile_k * s.number("block_k");
    const int input_blocks = in_parts ? s.number("part") : blocks(stage.number("ci"));
    if (direct && stage.params.at("layout") == "planar") refuse("its input is planar");
    if (direct && has_sums(stage) && !in_parts) refuse("it has sums, and no 'part'");
    if (blocks(map.channels) % channel_blocks != 0 || tile_k % blocks_per_row(map.channels) != 0)
        refuse("tile_k and block_k must cut its channel blocks and rows of weights without remainders");
    if (input_blocks % stage_k != 0) refuse("stage_k must divide its input blocks, or 'part'");
    if (direct && has_shortcut(stage) && (in_parts || blocks(stage.number("shortcut_ci")) % stage_k != 0))
        refuse("stage_k must divide its shortcut's input blocks, and 'part' be missing");
    if (direct && block * s.number("tile_x") > map.width) refuse("a block of threads is wider than its map");
    const bool window = direct && stage.number("kernel_w") * stage.number("kernel_h") > 1;
    if (window && stage_k > 1) refuse("a window's taps are staged for one input block");
    const gpu::StagedCopy copy = direct
                                     ? gpu::staged_copy(s.number("tile_x"), s.number("tile_y"), block, channel_blocks,
                                                        stage_k, gpu::largest_stride(stage), stage.number("kernel_w"))
                                     : gpu::staged_copy(s.number("tile_p"), 1, block, channel_blocks, stage_k);
    if (copy.bytes() > gpu::kSharedBytes)
        refuse(fmt::format("its {} bytes are more than a block's shared memory", copy.bytes()));
}

}  // namespace

void check_schedule(const Stage& stage, const Schedule& schedule) {
    if (is_autoscheduled(schedule)) {
        check_name(schedule);
        return check_autoscheduled(stage, schedule);
    }
    const std::vector<NumberRange> numbers = numbers_of(stage, schedule);
    const std::string text = to_string(schedule);
    size_t seen = 0;
    for (const NumberRange& number : numbers) {
        const auto given = schedule.params.find(number.name);
        if (given == schedule.params.end()) {
            if (number.optional) continue;
            throw Error(fmt::format("'{}' is missing in '{}'", number.name, text));
        }
        check_range(number, given->second, text);
        ++seen;
    }
    for (const auto& [name, ignored] : schedule.params) {
        if (seen == schedule.params.size()) break;
        const auto same = [&, n = name](const NumberRange& number) { return n == number.name; };
        if (std::none_of(numbers.begin(), numbers.end(), same))
            throw Error(
                fmt::format("{} of {} has no number '{}', in '{}'", schedule.algorithm, stage.generator, name, text));
    }
    check_lanes(schedule);
    check_staging(stage, schedule);
}

void check_device(const Schedule& schedule, bool on_gpu) {
    if (is_autoscheduled(schedule)) return check_device(find_autoscheduler(schedule.algorithm), on_gpu);
    if (is_on_gpu(schedule) != on_gpu)
        throw Error(fmt::format("'{}' is a schedule for {} alone", to_string(schedule), on_gpu ? "CPUs" : "GPUs"));
}

}  // namespace senetc
