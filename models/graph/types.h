// What an operation makes of its inputs: the type of its value and the shapes of its constants.
#pragma once

#include <string>
#include <vector>

#include "models/graph/graph.h"

namespace senetc {

// The type of the node's value, from the types of its inputs, which must be known. Throws Error, which names the node,
// when the node isn't legal: number and kind of inputs, attributes' ranges, shapes that don't fit.
Type infer_type(const Graph& graph, const Node& node);

std::string to_string(const Type& type);  // "f32[64,56,56]", "f32[1000]"

struct ConstantUse {
    std::string key, name;  // "weight", "conv1.weight"
    Shape shape;
};
// The constants that a node names, in the order of its attributes; absent ones are left out.
std::vector<ConstantUse> constants_of(const Graph& graph, const Node& node);

}  // namespace senetc
