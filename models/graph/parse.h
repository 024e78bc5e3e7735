// Reads the text form that print.h writes. Types may be left out except the input's: they are inferred, and one that is
// given must be right. A # starts a comment. Constants are named, not given: weights/bind.h binds them.
#pragma once

#include <string>

#include "models/graph/graph.h"

namespace senetc {

// Throws Error "path:line: what was expected". The result is typed and verified.
Graph parse_graph(const std::string& text, const std::string& path);
Graph read_graph(const std::string& path);

}  // namespace senetc
