// Lists and sizes given on the command line. Both throw Error that repeats the text and shows the right form.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace senet::cli {

// "0.5,0.25,1": as many finite numbers as `count`.
std::vector<float> parse_numbers(const char* option, const std::string& text, uint32_t count);

// "224x192": height 224, width 192; "0": 0 and 0, for no crop.
std::pair<int, int> parse_crop(const std::string& text);

}  // namespace senet::cli
