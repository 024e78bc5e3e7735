#include "schedules/schedule.h"

#include <fmt/format.h>

#include "generators/compiler/words.h"

namespace senetc {

int Schedule::number(const std::string& param) const {
    return params.at(param);
}

std::string to_string(const Schedule& schedule) {
    std::string text = schedule.algorithm;
    for (const auto& [key, value] : schedule.params) text += fmt::format(" {}={}", key, value);
    return text;
}

Schedule parse_schedule(const std::string& text) {
    Schedule schedule;
    schedule.algorithm = parse_words(text, [&](const std::string& key, const std::string& value) {
        return schedule.params.emplace(key, to_int(value, text)).second;
    });
    return schedule;
}

bool is_autoscheduled(const Schedule& schedule) {
    return schedule.algorithm != "direct" && schedule.algorithm != "winograd";
}

bool is_on_gpu(const Schedule& schedule) {
    return schedule.params.count("block") != 0;
}

bool is_staged(const Schedule& schedule) {
    return schedule.params.count("stage_k") != 0;
}

int winograd_tile(const Schedule& schedule) {
    return schedule.algorithm == "winograd" ? schedule.number("m") : 0;
}

SumTile sum_tile(const Schedule& schedule) {
    if (const int m = winograd_tile(schedule); m != 0) return {m, m};
    return {schedule.number("tile_x"), schedule.number("tile_y")};
}

}  // namespace senetc
