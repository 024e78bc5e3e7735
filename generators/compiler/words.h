// The text form that stages and schedules share: a name, then key=value words.
#pragma once

#include <functional>
#include <string>

namespace senetc {

// Returns the name; `take` gets each pair, and returns false for a key that it has already. Throws Error.
std::string parse_words(const std::string& text,
                        const std::function<bool(const std::string& key, const std::string& value)>& take);

// The whole number that `value` is; throws Error that quotes `text`.
int to_int(const std::string& value, const std::string& text);

}  // namespace senetc
