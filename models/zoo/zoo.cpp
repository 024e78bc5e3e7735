#include "models/zoo/zoo.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "models/error.h"
#include "models/near_names.h"
#include "models/zoo/families.h"

namespace senetc {
Preprocess imagenet_preprocess(int resize, int crop) {
    return {resize, crop, crop, {0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}};
}

const std::vector<Network>& networks() {
    static const std::vector<Network> all = [] {
        std::vector<Network> list;
        for (const auto& family : {resnets(), cifar_resnets(), mobilenets()})
            list.insert(list.end(), family.begin(), family.end());
        return list;
    }();
    return all;
}

const Network& find_network(const std::string& name) {
    for (const Network& network : networks())
        if (network.name == name) return network;
    std::vector<std::string> names;
    for (const Network& network : networks()) names.push_back(network.name);
    const std::vector<std::string> near = near_names(name, names);
    std::string advice =
        near.empty() ? "'senetc list' shows all" : fmt::format("did you mean {}?", fmt::join(near, ", "));
    throw Error(fmt::format("there is no network '{}'; {}", name, advice));
}

Preprocess preprocess_for(const Network& network, const NetworkOptions& options) {
    Preprocess preprocess = network.preprocess;
    int height = options.height.value_or(network.height), width = options.width.value_or(network.width);
    double scale = double(std::min(height, width)) / std::min(network.height, network.width);
    preprocess.resize = static_cast<int>(std::lround(preprocess.resize * scale));
    if (preprocess.crop_height > 0) preprocess.crop_height = height, preprocess.crop_width = width;
    return preprocess;
}

std::vector<std::string> labels_for(const Network& network, const NetworkOptions& options) {
    bool same_classes = options.classes.value_or(network.classes) == static_cast<int>(network.labels.size());
    return same_classes ? network.labels : std::vector<std::string>{};
}

}  // namespace senetc
