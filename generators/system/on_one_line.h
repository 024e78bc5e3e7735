// What other programs and libraries say, as a part of a sentence: they end theirs as they like.
#pragma once

#include <string>

namespace senetc {

std::string on_one_line(const std::string& words);

}  // namespace senetc
