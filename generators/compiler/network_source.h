// The network that a command works on: one of the zoo's by name, or a .graph file.
#pragma once

#include <string>
#include <vector>

#include "models/graph/graph.h"
#include "models/zoo/zoo.h"

namespace senetc {

struct NetworkRequest {
    std::string source;  // "se_resnet50" or "path/to/net.graph"
    NetworkOptions options;
};

struct LoadedNetwork {
    Graph graph;  // types inferred, no constants
    Preprocess preprocess;
    std::vector<std::string> labels;  // one a class, or none
    std::string description;          // "se_resnet50, 1000 classes, 224x224"
    std::string options;              // those that make it another than the network's own: " --reduction 8 --plain"
    bool plain = false;
};

// Throws Error: an unknown name, a file that can't be read or parsed, an option that doesn't fit.
LoadedNetwork load_network(const NetworkRequest& request);

}  // namespace senetc
