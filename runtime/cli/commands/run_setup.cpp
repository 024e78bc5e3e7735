#include "runtime/cli/commands/run_setup.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "runtime/cli/classify/labels.h"
#include "runtime/cli/error.h"

namespace senet::cli {

namespace {

constexpr int max_crop = 1 << 16;

// A whole string as a number from 1 to max_crop, or 0 for anything else.
int positive(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fine = error == std::errc() && end == text.data() + text.size() && value > 0 && value <= max_crop;
    return fine ? value : 0;
}

// "224x192": height 224, width 192; "0": no crop.
void set_crop(const std::string& text, InputShape& input) {
    input.crop_height = input.crop_width = 0;
    if (text == "0") return;
    const size_t x = text.find('x');
    if (x != std::string::npos) {
        input.crop_height = positive(std::string_view(text).substr(0, x));
        input.crop_width = positive(std::string_view(text).substr(x + 1));
    }
    if (input.crop_height == 0 || input.crop_width == 0) {
        throw Error("--crop '{}': write height x width, e.g. 224x224", text);
    }
}

}  // namespace

InputShape input_shape(const senet_model_v1_t& network, const RunOptions& options) {
    if (network.channels != 3) {
        throw Error("the network takes {} channels, and images have 3; use --tensors", network.channels);
    }
    const senet_preprocess_v1_t& p = network.preprocess;
    InputShape input{int(network.height), int(network.width), int(p.resize), int(p.crop_height), int(p.crop_width)};
    if (options.resize >= 0) input.resize = options.resize;
    if (!options.crop.empty()) set_crop(options.crop, input);
    if (input.resize > 0 && input.resize < std::min(input.crop_height, input.crop_width)) {
        throw Error("a crop of {} x {} doesn't fit into images whose shorter side is {}; change --resize or --crop",
                    input.crop_height, input.crop_width, input.resize);
    }
    return input;
}

std::vector<std::string> class_labels(const senet_model_v1_t& network, const RunOptions& options) {
    if (!options.labels.empty()) return read_labels(options.labels, network.classes);
    if (!network.labels) return {};
    return {network.labels, network.labels + network.classes};
}

ReportFormat report_format(const RunOptions& options) {
    if (options.format == "text") return ReportFormat::text;
    if (options.format == "csv") return ReportFormat::csv;
    if (options.format == "json") return ReportFormat::json;
    if (options.output.empty()) return ReportFormat::text;
    if (options.output == "-") return ReportFormat::csv;
    const auto format = report_format_of(options.output);
    if (!format) throw Error("--output '{}': end the name with .csv or .json, or say --format", options.output);
    return *format;
}

}  // namespace senet::cli
