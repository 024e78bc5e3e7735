#include "generators/compiler/parse_size.h"

#include <fmt/format.h>

#include <charconv>

#include "models/error.h"

namespace senetc {

std::pair<int, int> parse_size(const std::string& flag, const std::string& text) {
    std::pair<int, int> size;
    const char* end = text.data() + text.size();
    auto [cross, first_error] = std::from_chars(text.data(), end, size.first);
    const bool has_cross = first_error == std::errc() && cross != end && *cross == 'x';
    auto [rest, second_error] =
        has_cross ? std::from_chars(cross + 1, end, size.second) : std::from_chars_result{cross, first_error};
    if (!has_cross || second_error != std::errc() || rest != end || size.first < 1 || size.second < 1)
        throw Error(fmt::format("{} '{}' is not a size; write height x width, e.g. {} 224x224", flag, text, flag));
    return size;
}

}  // namespace senetc
