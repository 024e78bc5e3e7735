#include "runtime/cli/commands/lists.h"

#include <charconv>
#include <cmath>
#include <string_view>

#include "runtime/cli/error.h"

namespace senet::cli {

namespace {

constexpr int max_crop = 1 << 16;

// A whole string as a number from 1 to max_crop, or 0 for anything else.
int positive(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fine = error == std::errc() && end == text.data() + text.size() && value > 0 && value <= max_crop;
    return fine ? value : 0;
}

}  // namespace

std::vector<float> parse_numbers(const char* option, const std::string& text, uint32_t count) {
    std::vector<float> numbers;
    const char *at = text.data(), *end = at + text.size();
    while (true) {
        float number = 0;
        const auto [after, error] = std::from_chars(at, end, number);
        if (error != std::errc() || !std::isfinite(number)) break;
        numbers.push_back(number);
        if (after == end && numbers.size() == count) return numbers;
        if (after == end || *after != ',') break;
        at = after + 1;
    }
    throw Error("{} '{}': give {} numbers separated by commas", option, text, count);
}

std::pair<int, int> parse_crop(const std::string& text) {
    if (text == "0") return {0, 0};
    const std::string_view view = text;
    const size_t x = view.find('x');
    const int height = x == view.npos ? 0 : positive(view.substr(0, x));
    const int width = x == view.npos ? 0 : positive(view.substr(x + 1));
    if (height == 0 || width == 0) throw Error("--crop '{}': write height x width, e.g. 224x224", text);
    return {height, width};
}

}  // namespace senet::cli
