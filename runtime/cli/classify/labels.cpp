#include "runtime/cli/classify/labels.h"

#include <exception>
#include <string_view>

#include "runtime/cli/error.h"
#include "runtime/cli/input/read_file.h"

namespace senet::cli {

namespace {

std::string read_text(const std::string& path) {
    constexpr uint64_t max_bytes = 64 << 20;
    try {
        const std::vector<uint8_t> bytes = read_file(path, max_bytes);
        return std::string(bytes.begin(), bytes.end());
    } catch (const Error& error) {
        throw Error("labels '{}': {}", path, error.what());
    }
}

}  // namespace

std::vector<std::string> read_labels(const std::string& path, uint32_t classes) {
    const std::string text = read_text(path);
    std::vector<std::string> labels;
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = std::min(text.find('\n', begin), text.size());
        std::string_view line(text.data() + begin, end - begin);
        if (line.ends_with('\r')) line.remove_suffix(1);
        labels.emplace_back(line);
        begin = end + 1;
    }
    while (!labels.empty() && labels.back().empty()) labels.pop_back();
    if (labels.size() != classes) {
        throw Error("labels '{}': {} lines, but the network has {} classes; give one label a line", path, labels.size(),
                    classes);
    }
    return labels;
}

}  // namespace senet::cli
