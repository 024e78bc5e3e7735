#include "generators/system/on_one_line.h"

#include <sstream>

namespace senetc {

std::string on_one_line(const std::string& words) {
    std::istringstream in(words);
    std::string line, word;
    while (in >> word) line += (line.empty() ? "" : " ") + word;
    return line;
}

}  // namespace senetc
