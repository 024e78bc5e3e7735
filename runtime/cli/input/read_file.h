// A whole file in memory.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace senet::cli {

constexpr uint64_t max_image_file_bytes = uint64_t(1) << 30;

// Throws Error with a sentence that doesn't repeat the path.
std::vector<uint8_t> read_file(const std::string& path, uint64_t max_bytes = max_image_file_bytes);

}  // namespace senet::cli
