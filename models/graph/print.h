// The text form of a graph, one node a line; parse.h reads it back. Constants appear by name only. A
// node's note follows it as a comment.
//
//     graph se_resnet18
//       %input = input : f32[3,224,224]
//       %conv1 = conv %input weight=@conv1.weight out=64 kernel=7x7 stride=2 pad=3 : f32[64,112,112]
//       ...
//       return %fc
#pragma once

#include <string>

#include "models/graph/graph.h"

namespace senetc {

std::string print(const Graph& graph);
std::string print(const Graph& graph, const Node& node);  // one line, without indent or newline

}  // namespace senetc
