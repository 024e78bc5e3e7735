// XXH3-128 as 32 hexadecimal digits: names cache entries and kernels.
#pragma once

#include <string>
#include <string_view>

namespace senetc {

std::string hash_hex(std::string_view bytes);

}  // namespace senetc
