// Sizes given on the command line.
#pragma once

#include <string>
#include <utility>

namespace senetc {

// "224x224", "97x131" -> height, width. Throws Error that names the flag.
std::pair<int, int> parse_size(const std::string& flag, const std::string& text);

}  // namespace senetc
