// From a fused graph to stages: one kernel call a node, with every value's layout decided.
//
// A value's halo is the widest padding that a convolution which reads it asks for, so that no kernel tests for borders.
// The image enters planar when only dense convolutions read it, blocked otherwise.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generators/compiler/stage.h"
#include "models/graph/graph.h"

namespace senetc {

struct LoweredStep {
    std::string name, public_stage;  // the graph node's
    Stage stage;
    std::vector<int> inputs;  // values, in the order of the kernel's input arguments
    // The kernel's parameters in their order; a tensor without a shape is an absent bias. The name is the constant's,
    // and equal names hold equal values.
    std::vector<std::pair<std::string, Tensor>> params;
    int output = 0;  // the value computed
    Type type;       // of the output
};

// Values are numbered as the graph's nodes. Value 0 is the image as the first stage reads it.
struct Lowered {
    Stage ingest_f32, ingest_u8;  // both write value 0
    std::vector<LoweredStep> steps;
    int logits = 0;
};

// Throws Error when a node has no kernel, e.g. a network that doesn't end in a linear layer.
Lowered lower(const Graph& graph);

// One line a step: value, stage, inputs (senetc build --dump stages).
std::string to_string(const Lowered& lowered);

}  // namespace senetc
