// Text form of stages.
#include "generators/compiler/stage.h"

#include <fmt/format.h>

#include <charconv>

#include "generators/compiler/words.h"

namespace senetc {

int Stage::number(const std::string& param) const {
    const std::string& text = params.at(param);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size()) return value;
    return to_int(text, to_string(*this));
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

}  // namespace senetc
