#include "generators/package/output_folder.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>

#include "models/error.h"

namespace senetc::package {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& path, const std::string& why) {
    throw Error(fmt::format("can't write to the output folder '{}' ({}): choose another with -o", path.string(), why));
}

std::vector<fs::path> missing_folders(const fs::path& path) {
    std::vector<fs::path> missing;
    std::error_code ec;
    for (fs::path p = path; !p.empty() && !fs::exists(p, ec); p = p.parent_path()) missing.push_back(p);
    return missing;
}

}  // namespace

OutputFolder::OutputFolder(const std::string& path) : final_(path.empty() ? "." : path) {
    if (!final_.has_filename()) final_ = final_.parent_path();  // "dist/" -> "dist"
    created_ = missing_folders(final_);
    std::error_code ec;
    fs::create_directories(final_, ec);
    if (ec) fail(final_, ec.message());
    std::string pattern = final_ / ".senetc-XXXXXX";  // inside the folder: renaming works within one file system only
    if (!mkdtemp(pattern.data())) fail(final_, std::strerror(errno));
    temporary_ = pattern;
}

OutputFolder::~OutputFolder() {
    std::error_code ignored;
    fs::remove_all(temporary_, ignored);
    for (const fs::path& folder : created_) fs::remove(folder, ignored);  // fails, as it should, where it isn't empty
}

std::string OutputFolder::product(const std::string& file) {
    products_.push_back(file);
    return temporary_ / file;
}

std::vector<std::string> OutputFolder::publish() {
    for (const std::string& file : products_)
        if (fs::is_directory(final_ / file)) fail(final_, fmt::format("'{}' is a folder there", file));
    std::vector<std::string> paths;
    for (const std::string& file : products_) {
        std::error_code ec;
        fs::rename(temporary_ / file, final_ / file, ec);
        if (ec) fail(final_, fmt::format("'{}': {}", file, ec.message()));
        paths.push_back(final_ / file);
    }
    return paths;
}

}  // namespace senetc::package
