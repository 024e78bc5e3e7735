// Files that are read and written as a whole.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace senetc {

// Nothing where it can't be read to its end.
std::optional<std::string> read_whole(const std::filesystem::path& path);

// Makes the file, or writes over one that is there; what went wrong, if anything did: then the file may be in part.
std::error_code write_whole(const std::filesystem::path& path, std::string_view bytes);

// Aside, then renamed: whoever reads it meanwhile sees the old file or the new one, and an error leaves the old one.
std::error_code replace_whole(const std::filesystem::path& path, std::string_view bytes);

}  // namespace senetc
