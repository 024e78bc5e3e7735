// Gives a graph its trained weights. Every constant that the graph names must be in the file with the expected shape,
// and nothing else may be, except *.num_batches_tracked and, for a plain network, *.se.*.
#pragma once

#include "models/graph/graph.h"
#include "models/weights/safetensors.h"

namespace senetc {

// Expected shape of every constant that the graph's nodes name (types inferred).
std::map<std::string, Shape> expected_constants(const Graph& graph);

// Throws Error: names the first missing, extra, misshapen or mistyped tensor, or the first with a NaN or infinity.
Graph bind_weights(Graph graph, const WeightFile& file, bool ignore_se = false);

}  // namespace senetc
