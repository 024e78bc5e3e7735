// What a library should compute: the network's text that it carries, with weights bound to it, evaluated in double.
#pragma once

#include <string>
#include <vector>

#include "generators/inspect/library.h"
#include "models/graph/graph.h"
#include "models/reference/evaluate.h"

namespace senetc::verifier {

class Oracle {
  public:
    // Throws Error when the library carries no network, or weights that don't fit it are given.
    Oracle(const inspect::Library& library, const std::string& weights);

    const Graph& imported() const { return imported_; }  // as it was given
    const Graph& passed() const { return passed_; }      // after the passes that the library was built with

  private:
    Graph imported_, passed_;
};

inline std::vector<double> logits_of(const Graph& graph, const std::vector<double>& image) {
    return std::move(evaluate(graph, image)[size_t(graph.output)]);
}

}  // namespace senetc::verifier
