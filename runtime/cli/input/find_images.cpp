#include "runtime/cli/input/find_images.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <memory>
#include <string_view>

#include "runtime/cli/error.h"

namespace senet::cli {

namespace {

constexpr size_t max_name_bytes = 1 << 20;  // of one line on standard input

enum class Kind { other, file, folder };

Kind kind_of(const std::string& path, std::pair<dev_t, ino_t>& id) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return Kind::other;
    id = {status.st_dev, status.st_ino};
    return S_ISDIR(status.st_mode) ? Kind::folder : S_ISREG(status.st_mode) ? Kind::file : Kind::other;
}

struct CloseDir {
    void operator()(DIR* dir) const { closedir(dir); }
};

// Names in a folder that may lead to images, in reverse order. Folders get "/" at the end before sorting, which makes
// the order that of whole paths: "a.png" comes before "a/b.png".
std::vector<std::string> list_folder(DIR* dir, const std::string& path) {
    std::vector<std::string> names;
    while (const dirent* entry = readdir(dir)) {
        std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        const bool image = has_image_extension(name);
        std::pair<dev_t, ino_t> id;
        const Kind kind = !image && entry->d_type == DT_REG ? Kind::file : kind_of(path + name, id);
        struct stat link {};
        const bool broken_link =
            image && kind == Kind::other && lstat((path + name).c_str(), &link) == 0 && S_ISLNK(link.st_mode);
        if (kind == Kind::folder) names.push_back(name + "/");
        if (image && (kind == Kind::file || broken_link)) names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end(), std::greater<>());
    return names;
}

}  // namespace

bool has_image_extension(const std::string& name) {
    constexpr std::array<std::string_view, 5> extensions = {".jpg", ".jpeg", ".jpe", ".jfif", ".png"};
    const size_t dot = name.rfind('.');
    if (dot == std::string::npos) return false;
    std::string extension = name.substr(dot);
    for (char& c : extension) c = char(std::tolower(static_cast<unsigned char>(c)));
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

ImageFinder::ImageFinder(std::vector<std::string> paths, Options options)
    : paths_(std::move(paths)), options_(options) {
    std::reverse(paths_.begin(), paths_.end());
}

std::optional<FoundPath> ImageFinder::next(std::stop_token stop) {
    while (!stop.stop_requested()) {
        if (!folders_.empty()) {
            if (auto found = from_folder()) return found;
        } else if (reading_input_) {
            if (auto found = from_standard_input(stop)) return found;
        } else if (!paths_.empty()) {
            const std::string path = std::move(paths_.back());
            paths_.pop_back();
            if (path == "-") {
                reading_input_ = true;
            } else if (auto found = named(path)) {
                return found;
            }
        } else {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

// A path that the user named: a folder is searched, anything else is an image to try.
std::optional<FoundPath> ImageFinder::named(const std::string& path) {
    std::pair<dev_t, ino_t> id;
    if (kind_of(path, id) != Kind::folder) return FoundPath{path, ""};
    return enter(path.ends_with('/') ? path : path + "/");
}

// Starts searching a folder. Returns a path only to report that it can't be read.
std::optional<FoundPath> ImageFinder::enter(const std::string& path) {
    std::pair<dev_t, ino_t> id;
    kind_of(path, id);
    const bool loop = std::any_of(folders_.begin(), folders_.end(), [&](const Folder& f) { return f.id == id; });
    if (loop) return std::nullopt;
    const std::unique_ptr<DIR, CloseDir> dir(opendir(path.c_str()));
    if (!dir) return FoundPath{path, fmt::format("can't read this folder: {}", errno_text(errno))};
    folders_.push_back({id, list_folder(dir.get(), path), path});
    return std::nullopt;
}

std::optional<FoundPath> ImageFinder::from_folder() {
    Folder& folder = folders_.back();
    if (folder.names.empty()) {
        folders_.pop_back();
        return std::nullopt;
    }
    const std::string path = folder.path + folder.names.back();
    folder.names.pop_back();
    if (path.ends_with('/')) return enter(path);
    return FoundPath{path, ""};
}

std::optional<FoundPath> ImageFinder::from_standard_input(std::stop_token stop) {
    const char separator = options_.null_separated ? '\0' : '\n';
    size_t end;
    while ((end = input_.find(separator)) == std::string::npos && !input_ended_) {
        if (input_.size() > max_name_bytes)
            throw Error("standard input holds no file names: a line is longer than 1 MiB");
        if (!read_more(stop)) return std::nullopt;
    }
    std::string name = input_.substr(0, end);
    input_.erase(0, end == std::string::npos ? end : end + 1);
    if (input_ended_ && input_.empty()) reading_input_ = false;
    if (!options_.null_separated && name.ends_with('\r')) name.pop_back();
    if (name.empty()) return std::nullopt;
    return named(name);
}

// Waits for bytes of standard input. False when `stop` was requested meanwhile.
bool ImageFinder::read_more(std::stop_token stop) {
    constexpr int patience_ms = 100;
    pollfd input{options_.standard_input, POLLIN, 0};
    while (poll(&input, 1, patience_ms) == 0) {
        if (stop.stop_requested()) return false;
    }
    char buffer[4096];
    const ssize_t bytes = read(options_.standard_input, buffer, sizeof(buffer));
    if (bytes < 0 && errno != EINTR) throw Error("can't read names from standard input: {}", errno_text(errno));
    if (bytes == 0) input_ended_ = true;
    if (bytes > 0) input_.append(buffer, size_t(bytes));
    return true;
}

}  // namespace senet::cli
