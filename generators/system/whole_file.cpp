#include "generators/system/whole_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

namespace senetc {

std::optional<std::string> read_whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    if (file.peek() == std::ifstream::traits_type::eof() && !file.bad()) return "";  // of nothing << makes a failure
    std::ostringstream bytes;
    if (!(bytes << file.rdbuf())) return std::nullopt;
    return bytes.str();
}

std::error_code write_whole(const fs::path& path, std::string_view bytes) {
    errno = 0;
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (file) return {};
    return {errno != 0 ? errno : EIO, std::generic_category()};
}

std::error_code replace_whole(const fs::path& path, std::string_view bytes) {
    const fs::path aside = fmt::format("{}.{}", path.string(), getpid());
    std::error_code error = write_whole(aside, bytes), ignored;
    if (!error) fs::rename(aside, path, error);
    if (error) fs::remove(aside, ignored);
    return error;
}

}  // namespace senetc
