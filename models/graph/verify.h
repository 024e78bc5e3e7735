// The grammar of graphs, executable: run after every pass and on every parsed file.
#pragma once

#include <string>

#include "models/graph/graph.h"

namespace senetc {

// Throws Error that names the node: names, order, inputs, attributes, types and, when constants are bound, their
// shapes.
void verify(const Graph& graph);

// Letters, digits, '_', '.', '-' and '/': what the text form can carry. Throws Error.
void check_name(const std::string& name);

}  // namespace senetc
