#include "schedules/auto/autoschedulers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <climits>

#include "models/error.h"
#include "schedules/gpu/cost.h"
#include "schedules/hand/choose.h"
#include "schedules/schedules.h"

namespace senetc {

namespace {

// Tasks that a kernel is cut into at least. Halide's own default, too: enough for a machine of 16 cores. On one thread
// a depthwise convolution took as long with 1 (22.5 us instead of 23.3, of the same noise), a 3x3 convolution no less.
// Of a GPU it is the number of its SMs.
constexpr int kParallelism = 16;

constexpr NumberRange kParallel{"parallelism", 1, 1024, true};

std::string names() {
    std::vector<std::string> list;
    for (const Autoscheduler& autoscheduler : autoschedulers()) list.push_back(autoscheduler.name);
    return fmt::format("{}", fmt::join(list, ", "));
}

bool is_tile(const std::string& param) {
    return param == "tile_x" || param == "tile_y";
}

void check_tiles(const Stage& stage, const Schedule& schedule) {
    const bool given = schedule.params.count("tile_x") != 0 || schedule.params.count("tile_y") != 0;
    if (!has_sums(stage)) {
        if (given)
            throw Error(
                fmt::format("'{}' gives tiles to a stage without sums, '{}'", to_string(schedule), to_string(stage)));
        return;
    }
    const MapShape map = output_map(stage);
    for (const NumberRange& range : {NumberRange{"tile_x", 1, map.width}, NumberRange{"tile_y", 1, map.height}}) {
        const auto found = schedule.params.find(range.name);
        if (found == schedule.params.end())
            throw Error(fmt::format("'{}' has no {}: what a sum of '{}' is of", to_string(schedule), range.name,
                                    to_string(stage)));
        check_range(range, found->second, to_string(schedule));
    }
}

// Tiles of the hand schedule: of a convolution those of the direct algorithm, which is what autoschedulers schedule.
SumTile hand_tile(const Stage& stage, const std::string& variant) {
    const VariantInfo& info = find_variant(variant);
    return sum_tile(stage.generator == "conv" ? choose_direct_conv(stage, info) : choose_schedule(stage, variant));
}

}  // namespace

const std::vector<Autoscheduler>& autoschedulers() {
    static const std::vector<Autoscheduler> table = {
        {"Mullapudi2016",
         "libautoschedule_mullapudi2016.so",
         {kParallel, {"last_level_cache_size", 1 << 10, INT_MAX, true}, {"balance", 1, 1000, true}}},
        {"Li2018", "libautoschedule_li2018.so", {kParallel}},
        {"Adams2019",
         "libautoschedule_adams2019.so",
         {kParallel,
          {"beam_size", 1, 1000, true},
          {"random_dropout", 1, 100, true},
          {"random_dropout_seed", 0, INT_MAX, true},
          {"disable_subtiling", 0, 1, true},
          {"weights", 1, INT_MAX, true}}},
        {"Anderson2021",
         "libautoschedule_anderson2021.so",
         {kParallel,
          {"beam_size", 1, 1000, true},
          {"random_dropout", 1, 100, true},
          {"random_dropout_seed", 0, INT_MAX, true},
          {"disable_subtiling", 0, 1, true},
          {"shared_memory_limit_kb", 1, 227, true},
          {"shared_memory_sm_limit_kb", 1, 228, true},
          {"active_block_limit", 1, 32, true},
          {"active_warp_limit", 1, 64, true}},
         true},
    };
    return table;
}

const Autoscheduler& find_autoscheduler(const std::string& name) {
    const auto& table = autoschedulers();
    const auto found = std::find_if(table.begin(), table.end(), [&](const auto& a) { return a.name == name; });
    if (found == table.end()) throw Error(fmt::format("'{}' is no autoscheduler: Halide has {}", name, names()));
    return *found;
}

void check_device(const Autoscheduler& autoscheduler, bool on_gpu) {
    if (autoscheduler.for_gpus != on_gpu)
        throw Error(
            fmt::format("{} schedules for {} alone", autoscheduler.name, autoscheduler.for_gpus ? "GPUs" : "CPUs"));
}

void check_autoscheduled(const Stage& stage, const Schedule& schedule) {
    const Autoscheduler& autoscheduler = find_autoscheduler(schedule.algorithm);
    for (const auto& [param, value] : schedule.params) {
        if (is_tile(param)) continue;
        const auto& options = autoscheduler.options;
        const auto option =
            std::find_if(options.begin(), options.end(), [&](const NumberRange& range) { return param == range.name; });
        if (option == options.end()) {
            std::vector<std::string> known;
            for (const NumberRange& range : options) known.push_back(range.name);
            throw Error(
                fmt::format("{} has no option '{}': it has {}", schedule.algorithm, param, fmt::join(known, ", ")));
        }
        check_range(*option, value, to_string(schedule));
    }
    check_tiles(stage, schedule);
}

Schedule autoscheduled(const Stage& stage, const std::string& variant, const Schedule& asked) {
    const Autoscheduler& autoscheduler = find_autoscheduler(asked.algorithm);
    check_device(autoscheduler, find_variant(variant).on_gpu());
    Schedule schedule = asked;
    schedule.params.emplace("parallelism", autoscheduler.for_gpus ? gpu::kSms : kParallelism);
    if (has_sums(stage)) {
        const SumTile tile = hand_tile(stage, variant);
        schedule.params.emplace("tile_x", tile.x);
        schedule.params.emplace("tile_y", tile.y);
    }
    check_autoscheduled(stage, schedule);
    return schedule;
}

std::map<std::string, std::string> halide_options(const Schedule& schedule) {
    std::map<std::string, std::string> options;
    for (const auto& [param, value] : schedule.params)
        if (!is_tile(param) && param != "weights") options[param] = std::to_string(value);
    return options;
}

int cost_model_weights(const Schedule& schedule) {
    const auto found = schedule.params.find("weights");
    return found == schedule.params.end() ? 0 : found->second;
}

}  // namespace senetc
