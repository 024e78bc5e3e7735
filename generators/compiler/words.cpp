#include "generators/compiler/words.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "models/error.h"

namespace senetc {

int to_int(const std::string& value, const std::string& text) {
    int number = 0;
    const char* end = value.data() + value.size();
    auto [stop, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc() || stop != end) {
        throw Error(fmt::format("'{}' is not a whole number in '{}'", value, text));
    }
    return number;
}

std::string parse_words(const std::string& text,
                        const std::function<bool(const std::string& key, const std::string& value)>& take) {
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

}  // namespace senetc
