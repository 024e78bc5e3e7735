// What a library should compute: the network's text that it carries, with weights bound to it, evaluated in double.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generators/inspect/library.h"
#include "models/graph/graph.h"

namespace senetc::verifier {

struct Expected {
    std::map<std::string, std::vector<double>> steps;  // by name, as the passes' graph has them: [c][h][w] or [c]
    std::vector<double> logits;                        // of the network before any pass
};

class Oracle {
  public:
    // Throws Error when the library carries no network, or weights that don't fit it are given.
    Oracle(const inspect::Library& library, const std::string& weights);

    Expected evaluate(const std::vector<double>& image) const;
    const Graph& passed() const { return passed_; }  // the graph after the passes that the library was built with

  private:
    Graph imported_, passed_;
};

}  // namespace senetc::verifier
