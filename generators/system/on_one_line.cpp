#include "generators/system/on_one_line.h"

#include <algorithm>
#include <cctype>

namespace senetc {

std::string on_one_line(std::string words) {
    while (!words.empty() && std::isspace(static_cast<unsigned char>(words.back())) != 0) words.pop_back();
    std::replace(words.begin(), words.end(), '\n', ' ');
    return words;
}

}  // namespace senetc
