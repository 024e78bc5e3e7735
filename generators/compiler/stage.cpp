// Text forms of stages and schedules: a word, then key=value words.
#include "generators/compiler/stage.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "models/error.h"

namespace senetc {

namespace {

int to_int(const std::string& value, const std::string& text) {
    int number = 0;
    const char* end = value.data() + value.size();
    auto [stop, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc() || stop != end) {
        throw Error(fmt::format("'{}' is not a whole number in '{}'", value, text));
    }
    return number;
}

// Splits "word key=value key=value"; `take` gets each pair.
template <class Take>
std::string parse_words(const std::string& text, const Take& take) {
    std::istringstream words(text);
    std::string head, word;
    if (!(words >> head) || head.find('=') != std::string::npos) {
        throw Error(fmt::format("'{}' should begin with a name, then key=value words", text));
    }
    while (words >> word) {
        const size_t equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw Error(fmt::format("'{}' is not key=value in '{}'", word, text));
        }
        if (!take(word.substr(0, equals), word.substr(equals + 1))) {
            throw Error(fmt::format("'{}' is given twice in '{}'", word.substr(0, equals), text));
        }
    }
    return head;
}

}  // namespace

int Stage::number(const std::string& param) const {
    return to_int(params.at(param), to_string(*this));
}

std::string to_string(const Stage& stage) {
    std::string text = stage.generator;
    for (const auto& [key, value] : stage.params) text += fmt::format(" {}={}", key, value);
    return text;
}

Stage parse_stage(const std::string& text) {
    Stage stage;
    stage.generator = parse_words(text, [&](const std::string& key, const std::string& value) {
        return stage.params.emplace(key, value).second;
    });
    return stage;
}

bool has_sums(const Stage& stage) {
    const auto sums = stage.params.find("sums");
    return sums != stage.params.end() && sums->second != "0";
}

bool has_shortcut(const Stage& stage) {
    return stage.params.count("shortcut_ci") != 0;
}

int Schedule::number(const std::string& param) const {
    return params.at(param);
}

std::string to_string(const Schedule& schedule) {
    std::string text = schedule.source;
    for (const auto& [key, value] : schedule.params) text += fmt::format(" {}={}", key, value);
    return text;
}

Schedule parse_schedule(const std::string& text) {
    Schedule schedule;
    schedule.source = parse_words(text, [&](const std::string& key, const std::string& value) {
        return schedule.params.emplace(key, to_int(value, text)).second;
    });
    return schedule;
}

int winograd_tile(const Schedule& schedule) {
    const auto m = schedule.params.find("winograd");
    return m == schedule.params.end() ? 0 : m->second;
}

SumTile sum_tile(const Schedule& schedule) {
    if (const int m = winograd_tile(schedule); m != 0) return {m, m};
    return {schedule.number("tile_x"), schedule.number("tile_y")};
}

}  // namespace senetc
