// Names that somebody may have meant who wrote another.
#pragma once

#include <string>
#include <vector>

namespace senetc {

// Of `names` those that a few typing errors turn into `name`, nearest first.
std::vector<std::string> near_names(const std::string& name, const std::vector<std::string>& names);

}  // namespace senetc
