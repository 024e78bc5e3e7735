#include "generators/compiler/network_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.h"
#include "models/graph/parse.h"

namespace senetc {
namespace {

bool is_graph_file(const std::string& source) {
    return source.ends_with(".graph") || source.find('/') != std::string::npos;
}

// ImageNet's usual values: resize the shorter side to 256 / 224 of the crop.
Preprocess usual_preprocess(const Type& input) {
    const int shorter = std::min(input.height, input.width);
    Preprocess usual = imagenet_preprocess((shorter * 256 + 112) / 224, shorter);
    usual.crop_height = input.height;
    usual.crop_width = input.width;
    if (input.channels != 3) {
        usual.mean.assign(size_t(input.channels), 0.f);
        usual.deviation.assign(size_t(input.channels), 1.f);
    }
    return usual;
}

LoadedNetwork load_graph_file(const NetworkRequest& request) {
    const NetworkOptions& options = request.options;
    if (options.classes || options.reduction || options.height || options.plain)
        throw Error(
            fmt::format("{}: --classes, --reduction, --input and --plain are for networks that senetc knows by name; a "
                        ".graph file says these itself",
                        request.source));
    LoadedNetwork network;
    network.graph = read_graph(request.source);
    network.preprocess = usual_preprocess(network.graph.nodes[0].type);
    return network;
}

std::string options_text(const Network& known, const NetworkOptions& options) {
    const int classes = options.classes.value_or(known.classes);
    const int reduction = options.reduction.value_or(known.reduction);
    const int height = options.height.value_or(known.height), width = options.width.value_or(known.width);
    std::string text;
    if (classes != known.classes) text += fmt::format(" --classes {}", classes);
    if (reduction != known.reduction) text += fmt::format(" --reduction {}", reduction);
    if (height != known.height || width != known.width) text += fmt::format(" --input {}x{}", height, width);
    if (options.plain) text += " --plain";
    return text;
}

LoadedNetwork load_known_network(const NetworkRequest& request) {
    const Network& known = find_network(request.source);
    LoadedNetwork network;
    network.graph = known.build(known, request.options);
    network.options = options_text(known, request.options);
    network.plain = request.options.plain;
    network.preprocess = preprocess_for(known, request.options);
    network.labels = labels_for(known, request.options);
    return network;
}

}  // namespace

LoadedNetwork load_network(const NetworkRequest& request) {
    LoadedNetwork network = is_graph_file(request.source) ? load_graph_file(request) : load_known_network(request);
    const Type& input = network.graph.nodes[0].type;
    const int classes = network.graph.nodes[size_t(network.graph.output)].type.channels;
    network.description = fmt::format("{}{}, {} classes, {}x{}", network.graph.name, network.plain ? " without SE" : "",
                                      classes, input.height, input.width);
    return network;
}

}  // namespace senetc
