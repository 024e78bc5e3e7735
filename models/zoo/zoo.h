// The networks that senetc knows by name. One file per family; zoo.cpp lists them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/graph/graph.h"

namespace senetc {

struct NetworkOptions {
    std::optional<int> classes, reduction;  // the network's own if absent
    std::optional<int> height, width;
    bool plain = false;  // the same network without its SE blocks
};

// How images become input, as senet_preprocess_v1_t: shorter side to `resize` (0: leave it), centre crop (0: none),
// straight to the input's size if it still differs, mean and deviation.
struct Preprocess {
    int resize = 0, crop_height = 0, crop_width = 0;
    std::vector<float> mean, deviation;  // per channel, of values in [0, 1]
};

struct Network {
    std::string name, summary;  // "se_resnet50", "SE-ResNet-50 (bottleneck, 224x224, 1000 classes)"
    int classes, reduction, height, width;
    Preprocess preprocess;
    Graph (*build)(const Network&, const NetworkOptions&);  // without constants; types inferred
    std::vector<std::string> labels;                        // the data set's, or empty
};

const std::vector<Network>& networks();
// Throws Error that lists the near names.
const Network& find_network(const std::string& name);

// ImageNet's usual mean and deviation, with a square crop.
Preprocess imagenet_preprocess(int resize, int crop);

// The network's preprocessing for these options: with another input size, `resize` keeps its ratio to the input's
// shorter side and the crop is the input's size.
Preprocess preprocess_for(const Network& network, const NetworkOptions& options);
// The network's labels, or none when the options change the number of classes.
std::vector<std::string> labels_for(const Network& network, const NetworkOptions& options);

}  // namespace senetc
