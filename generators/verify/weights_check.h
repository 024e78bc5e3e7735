// Whether a library holds the weights of a file: its parameters are packed again and compared.
#pragma once

#include <string>
#include <vector>

#include "generators/inspect/library.h"
#include "models/graph/graph.h"

namespace senetc::verifier {

struct WeightsCheck {
    int parameters = 0;
    std::vector<std::string> different;  // "layer1.0.conv1's weight"
};

// `passed`: the graph after the passes, with the file's weights. Throws Error when the library was planned otherwise
// than this senetc would do it, so that they can't be compared.
WeightsCheck check_weights(const inspect::Library& library, const Graph& passed);

}  // namespace senetc::verifier
