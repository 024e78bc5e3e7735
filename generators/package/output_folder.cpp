#include "generators/package/output_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

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

void remove_folders(const std::vector<fs::path>& folders) {
    for (const fs::path& folder : folders) rmdir(folder.c_str());  // fails, as it should, where it isn't empty
}

}  // namespace

OutputFolder::OutputFolder(const std::string& path) : final_(path.empty() ? "." : path) {
    if (!final_.has_filename()) final_ = final_.parent_path();  // "dist/" -> "dist"
    created_ = missing_folders(final_);
    try {
        fs::create_directories(final_);
        temporary_.emplace(final_, ".senetc-build-");  // inside: renaming works within one file system only
    } catch (const std::system_error& error) {
        remove_folders(created_);
        fail(final_, error.code().message());
    } catch (...) {
        remove_folders(created_);
        throw;
    }
}

OutputFolder::~OutputFolder() {
    temporary_.reset();
    remove_folders(created_);
}

std::string OutputFolder::product(const std::string& file) {
    products_.push_back(file);
    return scratch(file);
}

// In exchange for the file that is there, which then lies in the temporary folder.
void OutputFolder::put(const std::string& file, bool& exchanged) const {
    const fs::path from = scratch(file), to = final_ / file;
    exchanged = renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0;
    if (!exchanged && rename(from.c_str(), to.c_str()) != 0)
        fail(final_, fmt::format("'{}': {}", file, std::strerror(errno)));
}

void OutputFolder::take_back(const std::string& file, bool exchanged) const {
    const fs::path from = scratch(file), to = final_ / file;
    if (!exchanged || renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) != 0) unlink(to.c_str());
}

std::vector<std::string> OutputFolder::publish() {
    std::vector<std::string> paths;
    for (const std::string& file : products_) {
        if (fs::is_directory(final_ / file)) fail(final_, fmt::format("'{}' is a folder there", file));
        paths.push_back(final_ / file);
    }
    std::vector<char> exchanged;
    exchanged.reserve(products_.size());
    const FolderLock lock(final_);
    try {
        for (const std::string& file : products_) {
            bool is_exchanged = false;
            put(file, is_exchanged);
            exchanged.push_back(is_exchanged);
        }
    } catch (...) {
        for (size_t i = exchanged.size(); i-- > 0;) take_back(products_[i], exchanged[i]);
        throw;
    }
    return paths;
}

}  // namespace senetc::package
