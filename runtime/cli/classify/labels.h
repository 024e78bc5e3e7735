// The names of a network's classes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace senet::cli {

// One label a line, as many as classes. Throws Error that says what is wrong with the file.
std::vector<std::string> read_labels(const std::string& path, uint32_t classes);

}  // namespace senet::cli
