// Which images to classify, in order: files as named, folders searched, names read from standard input.
#pragma once

#include <dirent.h>
#include <sys/types.h>

#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace senet::cli {

struct FoundPath {
    std::string path;
    std::string error;  // "" or why there is no image to read at this path
};

// Finds one path after the other, so that a folder tree of any size needs memory for the names of one folder per level
// only. Inside a folder, paths come in the order of their bytes. Symbolic links are followed, except to a folder that
// is being searched already.
class ImageFinder {
  public:
    struct Options {
        bool null_separated = false;  // standard input's names end with NUL instead of a newline
        int standard_input = 0;       // file descriptor that the path "-" reads names from
    };

    ImageFinder(std::vector<std::string> paths, Options options);

    // The next path, or nothing at the end. Waiting for standard input ends when `stop` is requested.
    std::optional<FoundPath> next(std::stop_token stop = {});

  private:
    struct Folder {
        std::pair<dev_t, ino_t> id;
        std::vector<std::string> names;  // reversed: the next at the back; folders end with "/"
        std::string path;                // ends with "/"
    };

    std::optional<FoundPath> from_folder();
    std::optional<FoundPath> from_standard_input(std::stop_token stop);
    std::optional<FoundPath> enter(const std::string& path);
    std::optional<FoundPath> named(const std::string& path);
    bool read_more(std::stop_token stop);

    std::vector<std::string> paths_;  // reversed
    Options options_;
    std::vector<Folder> folders_;  // the one being searched at the back
    bool reading_input_ = false, input_ended_ = false;
    std::string input_;
};

// Whether a file of this name in a folder is taken: .jpg, .jpeg, .jpe, .jfif or .png in any case.
bool has_image_extension(const std::string& name);

}  // namespace senet::cli
