// Times given on the command line.
#pragma once

#include <string>

namespace senetc {

// "90s", "20m", "2h", "1h30m" -> seconds. Throws Error that names the flag.
double parse_duration(const std::string& flag, const std::string& text);

}  // namespace senetc
