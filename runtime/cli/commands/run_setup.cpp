#include "runtime/cli/commands/run_setup.h"

#include <algorithm>
#include <tuple>

#include "runtime/cli/classify/labels.h"
#include "runtime/cli/commands/lists.h"
#include "runtime/cli/error.h"

namespace senet::cli {

InputShape input_shape(const senet_model_v1_t& network, const RunOptions& options) {
    if (network.channels != 3) {
        throw Error("the network takes {} channels, and images have 3; use --tensors", network.channels);
    }
    const senet_preprocess_v1_t& p = network.preprocess;
    InputShape input{int(network.height), int(network.width), int(p.resize), int(p.crop_height), int(p.crop_width)};
    if (options.resize >= 0) input.resize = options.resize;
    if (!options.crop.empty()) std::tie(input.crop_height, input.crop_width) = parse_crop(options.crop);
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
